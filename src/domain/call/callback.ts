/** Events owed to the callback address of a connection. */
import type { Call } from './call.ts';
import type { Effect } from './effects.ts';
import type { CallbackEvent } from './events.ts';

export const none = (): Effect[] => [];

/** `about` an operation with a context and a callback address of its own. */
export function callback(
  call: Call,
  id: string,
  type: CallbackEvent['type'],
  rest: Partial<CallbackEvent>,
  about?: { readonly operationContext?: string; readonly callbackUri?: string },
): Effect[] {
  const connection = call.connections[id];
  if (!connection) return [];
  const { operationContext } = about ?? connection;
  const event: CallbackEvent = {
    type,
    callConnectionId: id,
    serverCallId: call.serverCallId,
    correlationId: call.correlationId,
    ...(operationContext === undefined ? {} : { operationContext }),
    ...rest,
  };
  const to = about?.callbackUri;
  return [{ effect: 'callback', connectionId: id, event, ...(to === undefined ? {} : { to }) }];
}
