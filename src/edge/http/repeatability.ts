/** Repeatability headers: the same request id and body get the first answer again. */
import { refuse } from '../../app/desks/refusals.ts';
import type { RepeatRecord } from '../../app/ports/store.ts';
import { StoreFailed, StoreSilent } from '../../app/ports/store.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

const WINDOW_MS = 3_600_000;
/** What a retry cannot heal. 401, 408, 429 and 5xx stay open: the SDK retries them with the same id. */
const remembered: ReadonlySet<number> = new Set([400, 403, 404, 405, 409, 412]);
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ID = 'repeatability-request-id';
const FIRST_SENT = 'repeatability-first-sent';

const result = (reply: Reply, outcome: 'accepted' | 'rejected'): Reply => ({
  ...reply,
  headers: { ...reply.headers, 'repeatability-result': outcome },
});

export type Perform = (x: Exchange, operation: Operation) => Reply | Promise<Reply>;

export function createRepeatability({
  store,
  clock,
  log,
}: Pick<HttpDependencies, 'store' | 'clock' | 'log'>): Perform {
  /** Requests not yet answered; others with the same key wait. */
  const inFlight = new Map<string, { readonly bodyHash: string; readonly answered: Promise<void> }>();

  const rejected = (detail: string): Reply =>
    result(refusal(refuse('invalid-argument', clock.now(), detail)), 'rejected');
  const otherBody = (id: string): Reply =>
    rejected(
      `The field Repeatability-Request-ID is invalid. ${id} was sent before with another body; use a new id for a new operation.`,
    );

  const headerFault = (id: unknown, sent: unknown): string | undefined => {
    if (typeof id !== 'string')
      return 'The field Repeatability-Request-ID is invalid. It is required with Repeatability-First-Sent.';
    if (!uuid.test(id)) return 'The field Repeatability-Request-ID is invalid. It must be a UUID.';
    if (typeof sent !== 'string')
      return 'The field Repeatability-First-Sent is invalid. It is required with Repeatability-Request-ID.';
    return Number.isNaN(Date.parse(sent))
      ? 'The field Repeatability-First-Sent is invalid. It must be a date as in RFC 1123.'
      : undefined;
  };

  /** Refusals that no desk has stored. Losing one costs nothing: the repetition is refused again. */
  const rememberRefusal = async (record: RepeatRecord): Promise<void> => {
    try {
      await store.remember(record);
    } catch (error) {
      if (!(error instanceof StoreSilent || error instanceof StoreFailed)) throw error;
      log.note('a refused request could not be remembered', { why: error.message });
    }
  };

  const first = async (x: Exchange, operation: Operation, key: string): Promise<Reply> => {
    let kept = false;
    const record = (reply: Reply): RepeatRecord | undefined => {
      if (reply.status >= 300 && !remembered.has(reply.status)) return undefined;
      kept = true;
      return {
        key,
        bodyHash: x.bodyHash,
        status: reply.status,
        body: reply.body ?? '',
        expiresAt: clock.now() + WINDOW_MS,
      };
    };
    const reply = await operation.run(x, record);
    if (!kept) {
      const late = record(reply);
      if (late) await rememberRefusal(late);
    }
    return reply.status >= 500 ? reply : result(reply, 'accepted');
  };

  return async (x, operation) => {
    const id = x.headers[ID];
    const sent = x.headers[FIRST_SENT];
    if (id === undefined && sent === undefined) return operation.run(x);
    const fault = headerFault(id, sent);
    if (fault !== undefined) return rejected(fault);
    const key = `${x.user?.rawId ?? x.resource?.id} ${x.method} ${x.path} ${String(id).toLowerCase()}`;
    for (;;) {
      const before = inFlight.get(key);
      if (before && before.bodyHash !== x.bodyHash) return otherBody(String(id));
      if (before) {
        await before.answered;
        continue;
      }
      const record = store.repeat(key, clock.now());
      if (record) return record.bodyHash === x.bodyHash ? replay(record) : otherBody(String(id));
      const { promise, resolve } = Promise.withResolvers<void>();
      inFlight.set(key, { bodyHash: x.bodyHash, answered: promise });
      try {
        return await first(x, operation, key);
      } finally {
        inFlight.delete(key);
        resolve();
      }
    }
  };
}

function replay({ status, body }: RepeatRecord): Reply {
  const correlationId =
    status < 300 && body !== '' ? (JSON.parse(body) as { correlationId?: string }).correlationId : undefined;
  return result(
    { status, ...(body === '' ? {} : { body }), ...(correlationId === undefined ? {} : { correlationId }) },
    'accepted',
  );
}
