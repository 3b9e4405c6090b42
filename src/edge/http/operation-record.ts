/** What the call log keeps of a request to the Call Automation API. */
import type { OperationRecord } from '../../app/ports/records.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Exchange, Reply } from './exchange.ts';

/** `create call` under the name that the log's documentation gives it. */
function documented(name: string): string {
  // Made once for each of some twenty names: the expression costs more than the rest of a record.
  loggedAs[name] ??= name.replace(/(?:^|\s)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return loggedAs[name];
}

const loggedAs: Record<string, string> = {
  'hang up': 'HangUpCall',
  transfer: 'TransferToParticipant',
};

/** Undefined for reads, which the documented log does not name either, and for the requests of others: nobody
 * authenticated, the admin API, health. */
export function operationRecord(
  x: Exchange,
  reply: Reply,
  at: Instant,
  durationMs: number,
): OperationRecord | undefined {
  const { operation, resource, raw, headers } = x;
  if (operation?.access !== 'resource' || operation.method === 'GET' || !resource) return undefined;
  if (!operation.path.startsWith('/calling/')) return undefined;
  const [named] = x.params;
  const connection =
    reply.connectionId ?? (operation.path.includes('/callConnections/{') ? named : undefined);
  const address = raw.socket.remoteAddress;
  return {
    at,
    resourceId: resource.id,
    operation: documented(operation.name),
    apiVersion: x.apiVersion,
    requestId: x.requestId,
    status: reply.status,
    durationMs,
    url: x.path,
    ...(address === undefined ? {} : { callerIpAddress: address }),
    ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'] }),
    ...(reply.correlationId === undefined ? {} : { correlationId: reply.correlationId }),
    ...(connection === undefined ? {} : { callConnectionId: connection }),
    ...(reply.callId === undefined ? {} : { callId: reply.callId }),
  };
}
