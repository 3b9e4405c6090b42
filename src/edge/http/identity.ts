/** The identity API: who exists, and their tokens. */
import type { NotOwned } from '../../app/desks/identity-desk.ts';
import { refuse } from '../../app/desks/refusals.ts';
import {
  customIdVersions,
  decodeCreateIdentity,
  decodeIssueToken,
  encodeIdentity,
  encodeIdentityAndToken,
  encodeIdentityError,
  encodeToken,
  identityVersions,
} from '../../wire/rest/identity.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

/** Per resource and 30 s, as documented. */
const windowMs = 30_000;
export const identityRates = { issuing: 1000, other: 500 } as const;

export function resourceOf(x: Exchange): string {
  if (!x.resource) throw new Error(`${x.operation?.name} ran without a resource`);
  return x.resource.id;
}

/** The refusal when a resource has used up one kind of operation. */
export function createThrottle({
  rate,
  clock,
  limits,
}: Pick<HttpDependencies, 'rate' | 'clock' | 'limits'>): (
  x: Exchange,
  kind: string,
  most: number,
) => Reply | undefined {
  return (x, kind, most) => {
    if (!limits.identityRates) return undefined;
    const wait = rate.use(`identity ${kind} ${x.resource?.id}`, most, windowMs, clock.now());
    if (wait <= 0) return undefined;
    const detail = `${most} requests of the kind "${kind}" are allowed in 30 s (limits.identityRates)`;
    return refusal(refuse('too-many-requests', clock.now(), detail), { retryAfterMs: wait });
  };
}

export const identityApi = {
  versioned: true,
  versions: identityVersions,
  repeatable: false,
  refusals: { body: encodeIdentityError },
} as const satisfies Partial<Operation>;

export function identity(deps: HttpDependencies): readonly Operation[] {
  const { identities, clock } = deps;
  const bodies = createBodies(deps, 'identity-argument');
  const throttle = createThrottle(deps);
  const named = (x: Exchange) => ({ resourceId: resourceOf(x), id: x.params[0] ?? '' });
  const key = (x: Exchange) => (x.accessKey === undefined ? {} : { accessKey: x.accessKey });
  const notOwned = (x: Exchange, _: NotOwned): Reply => {
    const detail = `${(x.params[0] ?? '').slice(0, 200)} is no identity of resource ${x.resource?.name}, or was deleted`;
    return refusal(refuse('identity-not-owned', clock.now(), detail));
  };

  const create: Operation['run'] = async (x) => {
    const busy = throttle(x, 'create', identityRates.issuing);
    if (busy) return busy;
    const body = bodies(x, (value) => decodeCreateIdentity(value, x.apiVersion));
    if ('reply' in body) return body.reply;
    const { customId, token } = body.ok;
    const created = await identities.create({
      resourceId: resourceOf(x),
      ...(customId === undefined ? {} : { customId }),
      ...(token ? { token: { ...token, ...key(x) } } : {}),
    });
    return json(
      created.existed ? 200 : 201,
      encodeIdentityAndToken(created.identity, created.token, x.apiVersion),
    );
  };

  const read: Operation['run'] = (x) => {
    const found = identities.get(named(x));
    return 'refused' in found ? notOwned(x, found) : json(200, encodeIdentity(found, x.apiVersion));
  };

  const issue: Operation['run'] = async (x) => {
    const busy = throttle(x, 'issue', identityRates.issuing);
    if (busy) return busy;
    const body = bodies(x, (value) => decodeIssueToken(value, x.apiVersion));
    if ('reply' in body) return body.reply;
    const issued = await identities.issue({ ...named(x), ...body.ok, ...key(x) });
    return 'refused' in issued ? notOwned(x, issued) : json(200, encodeToken(issued));
  };

  const ending =
    (kind: 'revoke' | 'delete'): Operation['run'] =>
    async (x) => {
      const busy = throttle(x, kind, identityRates.other);
      if (busy) return busy;
      const refused = await identities[kind](named(x));
      return refused ? notOwned(x, refused) : { status: 204 };
    };

  const operation = (
    name: string,
    method: Operation['method'],
    path: string,
    run: Operation['run'],
  ): Operation => ({ ...identityApi, name, method, path, access: 'resource', run });
  const one = '/identities/{+id}';
  return [
    operation('create identity', 'POST', '/identities', create),
    { ...operation('get identity', 'GET', one, read), versions: customIdVersions },
    operation('delete identity', 'DELETE', one, ending('delete')),
    operation('issue access token', 'POST', `${one}/:issueAccessToken`, issue),
    operation('revoke access tokens', 'POST', `${one}/:revokeAccessTokens`, ending('revoke')),
  ];
}
