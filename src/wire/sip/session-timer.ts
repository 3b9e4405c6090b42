/** Session timers (RFC 4028): what is agreed, and when what falls due. Seconds throughout. */
import type { CallEffect } from './call.ts';
import type { Reply } from './format.ts';
import { type Header, header } from './header.ts';
import type { Message, Request, Response } from './message.ts';
import { param, parseParams } from './params.ts';
import { hasOption } from './reliable.ts';
import { readNumber } from './syntax.ts';

export interface SessionPolicy {
  /** What we ask for; absent: we ask for nothing and do what the peer asks for. */
  readonly expires?: number;
  /** Shorter intervals are refused (RFC 4028 4: never below 90, except in tests). */
  readonly min: number;
  /** Who shall refresh, where it is ours to say; absent: whoever usually does. */
  readonly refresher?: 'us' | 'them';
  /** No session timers with this peer: none asked for, none kept, the extension not claimed. */
  readonly off?: boolean;
}

/** RFC 4028 5: what stands for Min-SE where there is none. */
const USUAL_MIN = 90;

export interface SessionTimer {
  readonly interval: number;
  readonly refresher: 'us' | 'them';
}

const MAX_INTERVAL = 604_800;
const DIGITS = 10;

interface Asked {
  readonly interval: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

function seconds(value: string): { readonly n: number; readonly params: number } {
  const semicolon = value.indexOf(';');
  const digits = semicolon < 0 ? value : value.slice(0, semicolon);
  return { n: readNumber(digits.trim(), DIGITS), params: semicolon };
}

function sessionExpires({ headers }: Message): Asked | undefined {
  const value = header(headers, 'session-expires');
  if (value === undefined) return undefined;
  const { n, params } = seconds(value);
  if (n <= 0) return undefined;
  const who = params < 0 ? undefined : param(parseParams(value, params) ?? [], 'refresher')?.toLowerCase();
  const interval = Math.min(n, MAX_INTERVAL);
  return { interval, refresher: who === 'uac' || who === 'uas' ? who : undefined };
}

/** 0 where there is none. */
export function minSe({ headers }: Message): number {
  return Math.min(Math.max(seconds(header(headers, 'min-se') ?? '').n, 0), MAX_INTERVAL);
}

function expiresHeader(interval: number, refresher: 'uac' | 'uas' | undefined): Header {
  const who = refresher === undefined ? '' : `;refresher=${refresher}`;
  return { name: 'Session-Expires', value: `${interval}${who}` };
}

/** RFC 4028 7.1 and 7.4: what a request asks for. `min`: the largest Min-SE a 422 has told us. */
export function askFor(interval: number, min: number, refresher?: 'uac' | 'uas'): readonly Header[] {
  const floor = min > 0 ? [{ name: 'Min-SE', value: String(min) }] : [];
  return [expiresHeader(Math.max(interval, min), refresher), ...floor];
}

/** What our INVITE asks for. */
export function askOf({ expires, min, refresher, off }: SessionPolicy, floor = 0): readonly Header[] {
  if (off || expires === undefined) return [];
  const who = refresher && (refresher === 'us' ? 'uac' : 'uas');
  return askFor(expires, ownFloor(min, floor), who);
}

/** RFC 4028 7.1: our own minimum has to be told where it is not the usual one. */
export function ownFloor(min: number, floor: number): number {
  return min > USUAL_MIN ? Math.max(min, floor) : floor;
}

/** RFC 4028 9: the 422 owed to a request whose interval is below ours. */
export function tooBrief(request: Request, policy: SessionPolicy): Reply | undefined {
  if (policy.off) return undefined;
  const asked = sessionExpires(request);
  if (!asked || asked.interval >= policy.min || !hasOption(request, 'supported', 'timer')) return undefined;
  return { status: 422, headers: [{ name: 'Min-SE', value: String(policy.min) }] };
}

export interface Agreed {
  readonly timer: SessionTimer | undefined;
  /** For the 2xx. */
  readonly headers: readonly Header[];
}

/** RFC 4028 9: what our 2xx says. `current`: what was agreed before. */
export function agree(request: Request, current: SessionTimer | undefined, policy: SessionPolicy): Agreed {
  if (policy.off) return { timer: undefined, headers: [] };
  const said = sessionExpires(request);
  const able = hasOption(request, 'supported', 'timer');
  // RFC 4028 4: too brief an interval of somebody who would not understand 422 is none.
  const asked = said && (able || said.interval >= policy.min) ? said : undefined;
  const floor = Math.max(policy.min, minSe(request));
  const wanted = asked
    ? Math.min(asked.interval, policy.expires ?? asked.interval)
    : (current?.interval ?? policy.expires);
  if (wanted === undefined) return { timer: undefined, headers: [] };
  const interval = Math.max(wanted, asked ? Math.min(floor, asked.interval) : floor);
  // RFC 4028 9, table 2: who does not know of timers refreshes nothing.
  const refresher = able ? (asked?.refresher ?? chosen(policy) ?? usual(asked, current)) : 'uas';
  const headers = [expiresHeader(interval, refresher)];
  if (refresher === 'uac') headers.push({ name: 'Require', value: 'timer' });
  return { timer: { interval, refresher: refresher === 'uas' ? 'us' : 'them' }, headers };
}

function chosen({ refresher }: SessionPolicy): 'uac' | 'uas' | undefined {
  return refresher && (refresher === 'us' ? 'uas' : 'uac');
}

function usual(asked: Asked | undefined, current: SessionTimer | undefined): 'uac' | 'uas' {
  if (asked) return 'uac';
  return current?.refresher === 'them' ? 'uac' : 'uas';
}

/** RFC 4028 7.2: what a 2xx to us says. */
export function agreedBy(response: Response, { off }: SessionPolicy): SessionTimer | undefined {
  const said = off ? undefined : sessionExpires(response);
  return said && { interval: said.interval, refresher: said.refresher === 'uas' ? 'them' : 'us' };
}

/** Starts the timers anew, or stops them. */
export function timed(timer: SessionTimer | undefined): readonly CallEffect[] {
  if (!timer) {
    return [
      { kind: 'disarm', timer: 'expire' },
      { kind: 'disarm', timer: 'refresh' },
    ];
  }
  const { interval, refresher } = timer;
  // RFC 4028 10: the BYE goes out before the interval ends, by the smaller of 32 s and a third of it.
  const expire = (interval - Math.min(32, interval / 3)) * 1000;
  const refresh: CallEffect =
    refresher === 'us'
      ? { kind: 'arm', timer: 'refresh', ms: interval * 500 }
      : { kind: 'disarm', timer: 'refresh' };
  return [{ kind: 'arm', timer: 'expire', ms: expire }, refresh];
}
