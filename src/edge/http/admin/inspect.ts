/** Looking: calls, messages, deliveries, numbers, trunks, carriers. */
import { captureType } from '../../../wire/pcap/capture.ts';
import { type Exchange, json, queryOf, type Reply } from '../exchange.ts';
import { type AdminContext, limitOf, param, type Routes } from './context.ts';

export function inspect(context: AdminContext): Routes {
  const { admin, no } = context;

  const unknownCall = (x: Exchange): Reply =>
    no('call-not-found', `no call is known under ${param(x).slice(0, 200)}`);

  const ofCall =
    <T>(read: (id: string) => T | undefined, present: (value: T) => unknown) =>
    (x: Exchange): Reply => {
      const value = read(param(x));
      return value === undefined ? unknownCall(x) : json(200, present(value));
    };

  return {
    calls: {
      GET: (x) => {
        const limit = limitOf(x, context);
        return 'reply' in limit ? limit.reply : json(200, { value: admin.calls(limit.ok) });
      },
    },
    'calls/{id}': {
      GET: ofCall(
        (id) => admin.explain(id),
        ({ callId, end, participants, timeline: { connectionIds, correlationId, startedAt, endedAt } }) => {
          return { callId, connectionIds, correlationId, startedAt, endedAt, end, participants };
        },
      ),
    },
    'calls/{id}/timeline': {
      GET: ofCall(
        (id) => admin.timeline(id),
        (timeline) => timeline,
      ),
    },
    'calls/{id}/summary': {
      GET: ofCall(
        (id) => admin.summary(id),
        (records) => ({ value: records }),
      ),
    },
    'calls/{id}/explanation': {
      GET: ofCall(
        (id) => admin.explain(id),
        (explanation) => explanation,
      ),
    },
    'calls/{id}/pcap': {
      GET: (x) => {
        const bytes = admin.capture(param(x));
        return bytes ? { status: 200, bytes, type: captureType } : unknownCall(x);
      },
    },
    'messages/{id}': {
      GET: (x) => {
        const stories = admin.messages(param(x));
        if (stories.length > 0) return json(200, { value: stories });
        const detail = `no chat message and no text is known under ${param(x).slice(0, 200)}`;
        return no('no-such-path', detail);
      },
    },
    deliveries: {
      GET: (x) => {
        const limit = limitOf(x, context);
        if ('reply' in limit) return limit.reply;
        const callId = queryOf(x).get('callId');
        return json(200, {
          value: admin.deliveries({ limit: limit.ok, ...(callId === null ? {} : { callId }) }),
        });
      },
    },
    numbers: { GET: () => json(200, { value: admin.numbers() }) },
    trunks: { GET: () => json(200, { value: admin.trunks() }) },
    carriers: { GET: () => json(200, { value: admin.carriers() }) },
  };
}
