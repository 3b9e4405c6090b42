/** The admin API (`docs/surfaces/admin.md`), one function per question. */
import type { Explanation, Timeline } from '../app/explain/timeline.ts';
import type {
  Advanced,
  Fault,
  ListedCall,
  MessageStory,
  NumberStatus,
  SubscriptionDefinition,
  SubscriptionStatus,
  TextStory,
  TrunkStatus,
} from '../app/ports/administration.ts';
import type { CarrierStatus } from '../app/ports/sms-carriers.ts';
import type { Delivery } from '../app/ports/store.ts';
import { type Answer, ask, find, need } from './admin-client.ts';
import type { Door } from './server-file.ts';

const base = '/ringback/v1';
const named = (collection: string, id: string): string => `${base}/${collection}/${encodeURIComponent(id)}`;

/** A list comes as itself, or under `value` as ACS lists do. */
function listed<T>(body: unknown): readonly T[] {
  if (Array.isArray(body)) return body as T[];
  const { value } = (typeof body === 'object' && body !== null ? body : {}) as { value?: unknown };
  return Array.isArray(value) ? (value as T[]) : [];
}

const list = async <T>(door: Door, path: string): Promise<readonly T[]> =>
  listed<T>(await need<unknown>(door, { path: `${base}/${path}` }));

export const calls = (door: Door, limit: number): Promise<readonly ListedCall[]> =>
  list(door, `calls?limit=${limit}`);
export const timeline = (door: Door, id: string): Promise<Timeline | undefined> =>
  find(door, { path: `${named('calls', id)}/timeline` });
export const explanation = (door: Door, id: string): Promise<Explanation | undefined> =>
  find(door, { path: `${named('calls', id)}/explanation` });
/** Of each thread that has a message of this id; empty where none has. */
export const messages = async (door: Door, id: string): Promise<readonly (MessageStory | TextStory)[]> =>
  listed(await find<unknown>(door, { path: named('messages', id) }));
/** A file in libpcap's format. */
export const capture = (door: Door, id: string): Promise<Uint8Array | undefined> =>
  find(door, { path: `${named('calls', id)}/pcap`, bytes: true });

export const subscriptions = (door: Door): Promise<readonly SubscriptionStatus[]> =>
  list(door, 'subscriptions');
export const subscribe = (door: Door, body: SubscriptionDefinition): Promise<SubscriptionStatus> =>
  need(door, { method: 'POST', path: `${base}/subscriptions`, body });
export const validate = (door: Door, name: string): Promise<SubscriptionStatus | undefined> =>
  find(door, { method: 'POST', path: `${named('subscriptions', name)}:validate`, within: 60_000 });
/** False: there is none of that name. */
export const unsubscribe = async (door: Door, name: string): Promise<boolean> =>
  (await find<unknown>(door, { method: 'DELETE', path: named('subscriptions', name) }).then(() => 'gone')) !==
  undefined;

export function deliveries(
  door: Door,
  filter: { readonly callId?: string; readonly limit: number },
): Promise<readonly Delivery[]> {
  const call = filter.callId === undefined ? '' : `&callId=${encodeURIComponent(filter.callId)}`;
  return list(door, `deliveries?limit=${filter.limit}${call}`);
}

export const numbers = (door: Door): Promise<readonly NumberStatus[]> => list(door, 'numbers');
export const trunks = (door: Door): Promise<readonly TrunkStatus[]> => list(door, 'trunks');
export const carriers = (door: Door): Promise<readonly CarrierStatus[]> => list(door, 'carriers');

export const faults = (door: Door): Promise<readonly Fault[]> => list(door, 'faults');
export const breakPart = (door: Door, fault: Fault): Promise<unknown> =>
  need(door, { method: 'POST', path: `${base}/faults`, body: { fault } });
export const mend = (door: Door, fault?: Fault): Promise<unknown> =>
  need(door, { method: 'DELETE', path: fault === undefined ? `${base}/faults` : named('faults', fault) });

export interface ClockReading {
  readonly now: string;
  readonly mode: 'real' | 'manual';
}
export const clock = (door: Door): Promise<ClockReading> => need(door, { path: `${base}/clock` });
/** Every step may take 2 s of wall time until the process is quiet. */
export const advance = (door: Door, ms: number): Promise<Advanced> =>
  need(door, { method: 'POST', path: `${base}/clock/advance`, body: { ms }, within: 600_000 });

export const dial = (
  door: Door,
  body: { readonly from: string; readonly to: string; readonly forSeconds?: number },
): Promise<{ readonly sipCallId: string }> => need(door, { method: 'POST', path: `${base}/dial`, body });
export const sms = (
  door: Door,
  body: { readonly from: string; readonly to: string; readonly text: string },
): Promise<unknown> => need(door, { method: 'POST', path: `${base}/sms`, body });
export const token = (
  door: Door,
  body: { readonly user: string; readonly scopes: readonly string[]; readonly minutes: number },
): Promise<{ readonly user: string; readonly token: string; readonly expiresOn: string }> =>
  need(door, { method: 'POST', path: `${base}/tokens`, body });
export const reload = (door: Door): Promise<{ readonly changed: readonly string[] }> =>
  need(door, { method: 'POST', path: `${base}/reload` });
export const reset = (door: Door): Promise<unknown> => need(door, { method: 'POST', path: `${base}/reset` });

/** Answers 200 or 503 with what is not ready. */
export const ready = (door: Door): Promise<Answer> => ask(door, { path: '/health/ready' });
