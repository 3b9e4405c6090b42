/** The call log's rows, as the admin API gives them (`calls/{id}/summary`). */
import type { HttpReply, HttpRequest, Observation } from '../scenario.ts';
import { until } from './wait.ts';

type Ask = (request: Pick<HttpRequest, 'method' | 'path' | 'body'>) => Promise<HttpReply>;

interface LogRecord {
  readonly properties: Readonly<Record<string, unknown>>;
}

const records = (reply: HttpReply): readonly LogRecord[] => {
  return (reply.body as { value?: readonly LogRecord[] } | undefined)?.value ?? [];
};

/** The row of one participant, once its part in the call is over. */
export function logRow(ask: Ask, callId: string, participant: string): Promise<Observation> {
  return until(`a call-log row of ${participant}`, async () => {
    const reply = await ask({ method: 'GET', path: `/ringback/v1/calls/${callId}/summary` });
    // The log names no phone (`reference/call-logs.md` §2): it is found by the kind of its endpoint.
    const endpoint = participant.startsWith('+') ? 'PSTN' : 'BOT';
    const row = records(reply).find(({ properties }) => properties.endpointType === endpoint);
    if (!row) return { notYet: `the log has ${JSON.stringify(reply.body)}` };
    const { participantEndReason, participantEndSubCode } = row.properties;
    return {
      is: {
        where: 'call log',
        code: Number(participantEndReason),
        subCode: Number(participantEndSubCode),
        callId,
      },
    };
  });
}

/** The call that a phone placed, by its number. */
export function callOf(ask: Ask, number: string): Promise<string> {
  return until(`a call from ${number}`, async () => {
    const reply = await ask({ method: 'GET', path: '/ringback/v1/calls?limit=50' });
    const body = reply.body as { value?: readonly { callId: string; from: string }[] } | undefined;
    const call = body?.value?.find(({ from }) => from.includes(number));
    return call ? { is: call.callId } : { notYet: `the list has ${JSON.stringify(reply.body)}` };
  });
}
