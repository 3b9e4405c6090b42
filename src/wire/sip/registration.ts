/** A registration as a machine: RFC 3261 10.2. */
import { header, headerList } from './header.ts';
import type { Response } from './message.ts';
import { parseNameAddr } from './name-addr.ts';
import { param } from './params.ts';
import { readNumber, toPeople } from './syntax.ts';
import { parseUri } from './uri.ts';

export interface Registered {
  /** Seconds to ask for. */
  readonly wanted: number;
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
  /** The registrar holds a binding of ours, as far as we know. */
  readonly bound: boolean;
  /** What is under way: `asking` for a binding, `leaving`, or nothing. */
  readonly phase: 'asking' | 'waiting' | 'leaving' | 'over';
  /** `stop` came while a request was under way. */
  readonly stopping: boolean;
}

export type RegistrationEvent =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'timer' }
  /** The connection over which it was registered is gone. */
  | { readonly kind: 'flow-lost'; readonly why: string }
  | { readonly kind: 'stop' };

export type Told =
  | { readonly kind: 'registering' }
  | { readonly kind: 'registered'; readonly expires: number }
  | { readonly kind: 'failed'; readonly why: string; readonly status?: number; readonly retryInMs: number }
  | { readonly kind: 'unregistered' };

export type RegistrationEffect =
  /** REGISTER with that many seconds; 0 takes the binding back. */
  | { readonly kind: 'send'; readonly expires: number }
  /** At most one timer runs; `disarm` stops it. */
  | { readonly kind: 'arm'; readonly ms: number }
  | { readonly kind: 'disarm' }
  | { readonly kind: 'tell'; readonly state: Told };

export interface RegistrationStep {
  readonly state: Registered;
  readonly effects: readonly RegistrationEffect[];
}

export interface RegistrationContext {
  /** Our Contact URI. */
  readonly contact: string;
  /** From 0 to below 1. */
  readonly chance: () => number;
}

const FIRST_RETRY_S = 30;
const LAST_RETRY_S = 1800;
const MAX_SECONDS = 2 ** 31;

export function startRegistration(wanted: number): RegistrationStep {
  const state: Registered = { wanted, failures: 0, bound: false, phase: 'asking', stopping: false };
  return {
    state,
    effects: [
      { kind: 'tell', state: { kind: 'registering' } },
      { kind: 'send', expires: wanted },
    ],
  };
}

export function stepRegistration(
  state: Registered,
  event: RegistrationEvent,
  context: RegistrationContext,
): RegistrationStep {
  if (state.phase === 'over') return { state, effects: [] };
  switch (event.kind) {
    case 'response':
      if (event.response.status < 200) return { state, effects: [] };
      if (state.phase === 'leaving') return over(state);
      return state.phase === 'asking' ? onFinal(state, event.response, context) : { state, effects: [] };
    case 'failed':
      if (state.phase === 'leaving') return over(state);
      return state.phase === 'asking' ? failed(state, event.why, undefined, context) : { state, effects: [] };
    case 'timer':
      if (state.phase !== 'waiting') return { state, effects: [] };
      return { state: { ...state, phase: 'asking' }, effects: [{ kind: 'send', expires: state.wanted }] };
    case 'flow-lost':
      if (state.phase !== 'waiting') return { state, effects: [] };
      return failed(state, event.why, undefined, context);
    case 'stop':
      return stop(state);
  }
}

function over(state: Registered): RegistrationStep {
  return {
    state: { ...state, phase: 'over', bound: false },
    effects: [{ kind: 'disarm' }, { kind: 'tell', state: { kind: 'unregistered' } }],
  };
}

function stop(state: Registered): RegistrationStep {
  // A request under way may still make a binding: it is waited for (RFC 3261 10.2: one REGISTER at a time).
  if (state.phase === 'asking') return { state: { ...state, stopping: true }, effects: [] };
  if (state.phase === 'leaving') return { state, effects: [] };
  if (!state.bound) return over(state);
  return leave(state);
}

function leave(state: Registered): RegistrationStep {
  return {
    state: { ...state, phase: 'leaving' },
    // RFC 3261 10.2.2.
    effects: [{ kind: 'disarm' }, { kind: 'send', expires: 0 }],
  };
}

function onFinal(state: Registered, response: Response, context: RegistrationContext): RegistrationStep {
  if (response.status < 300) {
    const expires = granted(response, context.contact, state.wanted);
    if (state.stopping) return leave({ ...state, bound: true });
    return {
      state: { ...state, bound: true, failures: 0, phase: 'waiting' },
      effects: [
        { kind: 'tell', state: { kind: 'registered', expires } },
        { kind: 'arm', ms: refreshAfter(expires) },
      ],
    };
  }
  // RFC 3261 10.2.8: too brief for this registrar, which says what it takes.
  const least = readNumber(header(response.headers, 'min-expires') ?? '', 10);
  if (response.status === 423 && least > state.wanted && least < MAX_SECONDS && !state.stopping) {
    return { state: { ...state, wanted: least }, effects: [{ kind: 'send', expires: least }] };
  }
  return failed(state, `${response.status} ${toPeople(response.reason)}`, response, context);
}

function failed(
  state: Registered,
  why: string,
  response: Response | undefined,
  { chance }: RegistrationContext,
): RegistrationStep {
  if (state.stopping) return over(state);
  const asked = readNumber(/^\d+/.exec(header(response?.headers ?? [], 'retry-after') ?? '')?.[0] ?? '', 9);
  // RFC 5626 4.5: doubled with each failure, and from half of it up by chance, so that not everybody comes at once.
  const backOff = Math.min(LAST_RETRY_S, FIRST_RETRY_S * 2 ** state.failures) * (0.5 + chance() / 2);
  const retryInMs = Math.round(1000 * Math.max(asked, backOff));
  const told = { kind: 'failed', why, retryInMs } as const;
  return {
    state: { ...state, failures: state.failures + 1, phase: 'waiting' },
    effects: [
      { kind: 'tell', state: response ? { ...told, status: response.status } : told },
      { kind: 'arm', ms: retryInMs },
    ],
  };
}

/** RFC 3261 10.2.4: the seconds of our own Contact, else those of Expires, else what was asked for. */
function granted(response: Response, contact: string, wanted: number): number {
  const own = headerList(response.headers, 'contact')
    .map((value) => parseNameAddr(value))
    .find((binding) => binding && isSameContact(binding.uri, contact));
  const said = own && readNumber(param(own.params, 'expires') ?? '', 10);
  if (said !== undefined && said >= 0) return said;
  const all = readNumber(header(response.headers, 'expires') ?? '', 10);
  return all >= 0 ? all : wanted;
}

function isSameContact(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseUri(a), parseUri(b)];
  if (!left || !right || left.scheme === 'tel' || right.scheme === 'tel') return false;
  return left.user === right.user && left.host === right.host && left.port === right.port;
}

/** Early enough for a refusal and a second try before it runs out. */
function refreshAfter(seconds: number): number {
  const early = seconds > 1200 ? seconds - 600 : seconds / 2;
  return Math.max(1000, Math.round(early * 1000));
}
