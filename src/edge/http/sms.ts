/** The SMS API: sending, opt-outs, and reports by id. */
import { refuse } from '../../app/desks/refusals.ts';
import type { SmsAnswer, Texts } from '../../app/desks/sms-commands.ts';
import { isTextId } from '../../app/desks/sms-ids.ts';
import {
  decodeOptOuts,
  decodeSend,
  encodeNoReport,
  encodeOptOut,
  encodeReport,
  encodeSent,
  encodeSmsError,
  optOutVersions,
  reportVersions,
  smsVersions,
} from '../../wire/rest/sms.ts';
import { param, resourceOf } from './asking.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { json, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

export interface SmsDependencies extends HttpDependencies {
  readonly texts: Texts;
}

const smsApi = {
  access: 'resource',
  versioned: true,
  versions: smsVersions,
  // Each recipient is repeatable by itself.
  repeatable: false,
  refusals: { body: encodeSmsError },
} as const satisfies Partial<Operation>;

export function sms(deps: SmsDependencies): readonly Operation[] {
  const { texts, clock } = deps;
  const bodies = createBodies(deps, 'sms-argument');

  const answered = <T>(answer: SmsAnswer<T>, encode: (value: T) => Reply): Reply => {
    if ('ok' in answer) return encode(answer.ok);
    const { refused, retryAfterMs } = answer;
    return refusal(refused, retryAfterMs === undefined ? {} : { retryAfterMs });
  };

  const send: Operation['run'] = async (x) => {
    const body = bodies(x, (value) => decodeSend(value, x.apiVersion, texts.limits));
    if ('reply' in body) return body.reply;
    return answered(await texts.send(resourceOf(x), body.ok), (items) =>
      json(202, { value: items.map(encodeSent) }),
    );
  };

  const optOuts =
    (what: 'add' | 'remove' | 'check'): Operation['run'] =>
    async (x) => {
      const body = bodies(x, (value) => decodeOptOuts(value, texts.limits));
      if ('reply' in body) return body.reply;
      const { from, recipients } = body.ok;
      return answered(await texts.optOuts(resourceOf(x), what, from, recipients), (items) =>
        json(200, { value: items.map((item) => encodeOptOut(item, what === 'check')) }),
      );
    };

  const report: Operation['run'] = (x) => {
    const id = param(x, 0);
    const found = isTextId(id) ? texts.report(resourceOf(x), id) : undefined;
    if (found) return json(200, encodeReport(found));
    const detail = `${id.slice(0, 200)} is the id of no text that this resource sent`;
    return refusal(refuse('report-unknown', clock.now(), detail), { body: encodeNoReport(x.requestId) });
  };

  return [
    { ...smsApi, name: 'send text', method: 'POST', path: '/sms', run: send },
    ...(['add', 'check', 'remove'] as const).map(
      (what): Operation => ({
        ...smsApi,
        versions: optOutVersions,
        name: `${what} opt-outs`,
        method: 'POST',
        path: `/sms/optouts:${what}`,
        run: optOuts(what),
      }),
    ),
    {
      ...smsApi,
      versions: reportVersions,
      name: 'get delivery report',
      method: 'GET',
      path: '/deliveryReports/{id}',
      run: report,
    },
  ];
}
