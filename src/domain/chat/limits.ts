/** The documented limits (`reference/chat.md` §4, §5), as data. */

export interface ChatLimits {
  /** In a thread. */
  readonly participants: number;
  /** Participants in one request. */
  readonly batch: number;
  /** UTF-8 bytes of a message's content and metadata. */
  readonly messageBytes: number;
  /** Typing notices and read receipts are for threads of up to so many participants. */
  readonly noticesUpTo: number;
  /** Items of one page: the most, and what is given where nothing is asked. */
  readonly page: number;
}

export const documentedLimits: ChatLimits = {
  participants: 250,
  batch: 200,
  messageBytes: 28 * 1024,
  noticesUpTo: 20,
  page: 200,
};

/** Whose uses are counted together. */
export type RateScope = 'user' | 'thread' | 'user and thread';

export interface Rate {
  readonly scope: RateScope;
  readonly per10s: number;
  readonly perMinute?: number;
}

/** Operations that share a name share their limit. */
export const documentedRates = {
  'create or delete thread': [{ scope: 'user', per10s: 10 }],
  'update thread': [{ scope: 'thread', per10s: 5 }],
  'add or remove participants': [{ scope: 'thread', per10s: 10, perMinute: 30 }],
  'send, update or delete message': [{ scope: 'thread', per10s: 10, perMinute: 30 }],
  'get message': [{ scope: 'thread', per10s: 50 }],
  'list messages': [{ scope: 'user and thread', per10s: 50, perMinute: 200 }],
  'list read receipts': [{ scope: 'user and thread', per10s: 5 }],
  'list participants': [{ scope: 'thread', per10s: 10 }],
  'send read receipt': [{ scope: 'thread', per10s: 10, perMinute: 30 }],
  'send typing notification': [
    { scope: 'user', per10s: 5, perMinute: 15 },
    { scope: 'thread', per10s: 10, perMinute: 30 },
  ],
} as const satisfies Record<string, readonly Rate[]>;

export type RatedOperation = keyof typeof documentedRates;

/** One window to be looked at: a use counts in all windows of its operation, or in none. */
export interface RateWindow {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** The windows that a use of `operation` falls into. */
export function rateWindows(
  operation: RatedOperation,
  { user, threadId }: { readonly user: string; readonly threadId: string },
): readonly RateWindow[] {
  const rates: readonly Rate[] = documentedRates[operation];
  const whose: Readonly<Record<RateScope, string>> = {
    user,
    thread: threadId,
    'user and thread': `${user} ${threadId}`,
  };
  return rates.flatMap(({ scope, per10s, perMinute }) => {
    const key = `chat ${operation} of ${whose[scope]}`;
    return [
      { key: `${key} in 10 s`, limit: per10s, windowMs: 10_000 },
      ...(perMinute === undefined ? [] : [{ key: `${key} in 60 s`, limit: perMinute, windowMs: 60_000 }]),
    ];
  });
}
