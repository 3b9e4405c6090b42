/** Between an exchange and the desks: who asks about what, and what is answered. */
import type { Answer, CallView, ConnectionCommand, Remember } from '../../app/desks/commands.ts';
import { encodeConnection } from '../../wire/rest/connection-properties.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import type { Keep } from './operation.ts';

/** The reply that was promised to repetitions is the one that is sent, unless storing it failed. */
export async function ask<T>(
  keep: Keep | undefined,
  encode: (answer: Answer<T>) => Reply,
  command: (remember: Remember<T> | undefined) => Promise<Answer<T>>,
): Promise<Reply> {
  let made: Reply | undefined;
  const remember: Remember<T> = (answer) => {
    made = encode(answer);
    return keep?.(made);
  };
  const answer = await command(remember);
  const asDecided = made !== undefined && 'refused' in answer === (made.refused !== undefined);
  return asDecided && made ? made : encode(answer);
}

export const refusedByDesk = (
  { refused, retryAfterMs }: Extract<Answer<unknown>, { refused: unknown }>,
  callId?: string,
): Reply =>
  refusal(refused, {
    recorded: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(callId === undefined ? {} : { callId }),
  });

/** With the properties of the connection, as they are at that moment. */
export const connectionReply =
  (status: number, moment: Parameters<typeof encodeConnection>[2]) =>
  (answer: Answer<CallView>): Reply => {
    if ('refused' in answer) return refusedByDesk(answer);
    const { call, connection } = answer.ok;
    return {
      ...json(status, encodeConnection(call, connection, moment)),
      correlationId: call.correlationId,
      callId: call.callId,
      connectionId: connection.id,
    };
  };

export const resourceOf = (x: Exchange): string => {
  if (!x.resource) throw new Error(`${x.operation?.name} ran without authentication`);
  return x.resource.id;
};
export const param = (x: Exchange, at: number): string => x.params[at] ?? '';

/** The call connection that the path names. */
export const commandOf = (x: Exchange): ConnectionCommand => ({
  resourceId: resourceOf(x),
  connectionId: param(x, 0),
});
