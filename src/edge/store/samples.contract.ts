/** What the parts of the contract write, and how they open and close the store for it. */
import type { ChatStore } from '../../app/ports/chat-store.ts';
import type { SmsStore } from '../../app/ports/sms-store.ts';
import type { Append, CallIndex, Json, OutboxEntry, Store } from '../../app/ports/store.ts';

export interface ContractSubject {
  readonly store: Store & {
    readonly chat: ChatStore;
    readonly sms: SmsStore;
    readonly faults: { lock(): () => void; fill(): () => void; lose(): () => void };
  };
  /** Opens the same data as a second owner. */
  readonly second?: () => Store;
}

export interface ContractOptions {
  readonly answerWithin: number;
  readonly hold?: (what: string) => () => void;
}

export const at = 1_700_000_000_000;

export function facts(callId: string, fromSeq: number, count = 2, extra: Partial<Append> = {}): Append {
  const list: readonly Json[] = Array.from({ length: count }, (_, i) => ({
    kind: 'noted',
    number: fromSeq + i,
  }));
  return { callId, fromSeq, at, facts: list, entries: [], ...extra };
}

export function index(callId: string, extra: Partial<CallIndex> = {}): CallIndex {
  return {
    callId,
    resourceId: 'dev',
    startedAt: at,
    from: '+18005550100',
    to: ['+15005552000'],
    aliases: [`server-${callId}`],
    ...extra,
  };
}

export function entry(id: string, extra: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    id,
    stream: 'one',
    order: 1,
    at,
    to: { url: 'https://localhost/' },
    event: { type: 'CallConnected' },
    ...extra,
  };
}

/** How each promise ended, in the order in which they ended. */
export async function endings(promises: Readonly<Record<string, Promise<void>>>): Promise<readonly string[]> {
  const ended: string[] = [];
  const watched = Object.entries(promises).map(([name, promise]) =>
    promise.then(
      () => ended.push(`${name} stored`),
      (error: Error) => ended.push(`${name} ${error.name}`),
    ),
  );
  await Promise.all(watched);
  return ended;
}

export type Using = (
  use: (subject: ContractSubject) => Promise<void>,
  options?: ContractOptions,
) => Promise<void>;

/** Opens a store for one test and closes it after. */
export function usingStore(open: (options: ContractOptions) => ContractSubject): Using {
  return async (use, options = { answerWithin: 60 }) => {
    const subject = open(options);
    try {
      await use(subject);
    } finally {
      await subject.store.close();
    }
  };
}
