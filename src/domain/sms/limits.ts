/** The documented limits of sending (`reference/sms.md` §1, §6), as data. */
import type { Sender } from './addresses.ts';

export const smsLimits = {
  recipients: 100,
  /** UTF-16 units. */
  messageLength: 2048,
  /** Seconds that a report may be waited for. */
  reportTimeout: { least: 60, most: 43_200 },
} as const;

export const rateWindowMs = 60_000;

/** Of numbers that are not toll-free no limit is documented: they get that of toll-free ones. */
const messagesPerWindow = { e164: 200, 'short-code': 6000, alphanumeric: 600 } as const;

export interface SendRate {
  readonly key: string;
  readonly limit: number;
}

/** Names count together for a resource, numbers each for itself. */
export function sendRate({ kind, address }: Sender, resourceId: string): SendRate {
  const who = kind === 'alphanumeric' ? resourceId : address;
  return { key: `sms ${kind} ${who}`, limit: messagesPerWindow[kind] };
}
