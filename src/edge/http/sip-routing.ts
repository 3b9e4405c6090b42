/** The SIP routing API: domains, trunks and routes of a resource, and where a number would go. */
import { refuse } from '../../app/desks/refusals.ts';
import type { SipAnswer, SipRoutingCommands } from '../../app/desks/sip-routing-desk.ts';
import type { SipFault } from '../../domain/numbers/sip-configuration.ts';
import {
  decodeSipChange,
  decodeSipConfiguration,
  encodeRoute,
  encodeSipConfiguration,
  encodeSipFault,
  richSipVersions,
  sipRoutingVersions,
} from '../../wire/rest/sip-routing.ts';
import { resourceOf } from './asking.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { json, queryOf, type Reply, refusal } from './exchange.ts';
import { served } from './numbers-handlers.ts';
import type { Operation } from './operation.ts';

export function sipRouting(
  deps: HttpDependencies & { readonly sipRouting: SipRoutingCommands },
): readonly Operation[] {
  const { sipRouting: desk, clock } = deps;
  const bodies = createBodies(deps, 'number-argument');

  const impossible = (fault: SipFault): Reply =>
    refusal(refuse('routing-impossible', clock.now(), `${fault.code}: ${fault.message}`), {
      headers: { 'x-ms-error-code': 'UnprocessableConfiguration' },
      body: encodeSipFault(fault),
    });
  const answered = <T>(answer: SipAnswer<T>, encode: (value: T) => Reply): Reply =>
    'fault' in answer ? impossible(answer.fault) : encode(answer.ok);
  const wrong = (detail: string): Reply => refusal(refuse('number-argument', clock.now(), detail));

  const get: Operation['run'] = (x) => {
    const expand = queryOf(x).get('expand');
    if (expand !== null && (expand !== 'trunks/health' || !richSipVersions.includes(x.apiVersion))) {
      const versions = richSipVersions.join(', ');
      return wrong(`The parameter expand is invalid. It may be trunks/health, in ${versions}.`);
    }
    const resourceId = resourceOf(x);
    const healthOf = expand === null ? undefined : (fqdn: string) => desk.health(resourceId, fqdn);
    return json(200, encodeSipConfiguration(desk.get(resourceId), x.apiVersion, healthOf));
  };

  const update: Operation['run'] = async (x) => {
    const body = bodies(x, (value) => decodeSipChange(value, x.apiVersion));
    if ('reply' in body) return body.reply;
    return answered(await desk.change(resourceOf(x), body.ok), (changed) =>
      json(200, encodeSipConfiguration(changed, x.apiVersion)),
    );
  };

  const test: Operation['run'] = (x) => {
    const number = queryOf(x).get('targetPhoneNumber') ?? '';
    if (!/^\+?\d{1,24}$/.test(number))
      return wrong('The parameter targetPhoneNumber is invalid. It must be a number, such as +14255550123.');
    const body = bodies(x, (value) => decodeSipConfiguration(value, x.apiVersion));
    if ('reply' in body) return body.reply;
    return answered(desk.test(resourceOf(x), number, body.ok), (routes) =>
      json(200, { matchingRoutes: routes.map(encodeRoute) }),
    );
  };

  return [
    ...served(
      [
        ['get SIP configuration', 'GET', '/sip', get],
        ['update SIP configuration', 'PATCH', '/sip', update],
      ],
      sipRoutingVersions,
    ),
    ...served([['test SIP routes', 'POST', '/sip:testRoutesWithNumber', test]], richSipVersions),
  ];
}
