import type { Draft, Reply } from './format.ts';
import { type Header, headerList } from './header.ts';
import type { Message, Request, Response } from './message.ts';
import { type Q850, q850 } from './reason.ts';
import type { ReferTarget } from './refer.ts';
import type { OfferMethod, OfferResult } from './session-offer.ts';
import type { ReferResult } from './session-refer.ts';
import type { SessionPolicy } from './session-timer.ts';
import type { Timing } from './transaction.ts';

/**
 * How a call ended. Exactly one is told for each call, after which nothing more is told about it.
 *
 * | kind | what happened | by |
 * |---|---|---|
 * | `final` | a final response 300-699 (to our INVITE: `remote`; by our `reject`: `local`) | both |
 * | `timeout` | timer B: nothing came back at all; `status` 408 is ours, never the peer's word | local |
 * | `transport` | refused, reset, unreachable or unresolvable; `status` 503 is ours | local |
 * | `bye` | BYE, ours or theirs | both |
 * | `cancelled` | the caller's CANCEL of an inbound call | remote |
 * | `cancel-confirmed` | our CANCEL took effect: 487, another final response, or nothing for 64*T1 | both |
 * | `ack-timeout` | our 200 was never acknowledged (a BYE has been sent) | local |
 * | `prack-timeout` | our reliable provisional response was never acknowledged; the INVITE got `status` | local |
 * | `expired` | the session was not refreshed in time (RFC 4028; a BYE has been sent) | local |
 * | `lost` | a request inside the call got no answer, 408 or 481 (RFC 3261 12.2.1.2; a BYE has been sent) | local |
 */
export interface CallEnd {
  readonly kind:
    | 'final'
    | 'timeout'
    | 'transport'
    | 'bye'
    | 'cancelled'
    | 'cancel-confirmed'
    | 'ack-timeout'
    | 'prack-timeout'
    | 'expired'
    | 'lost';
  /** Whose word it is. `local` means that this side generated `status`. */
  readonly by: 'local' | 'remote';
  readonly status: number;
  readonly reason: string;
  /** From a `Reason` header of the final response, BYE or CANCEL. */
  readonly q850?: Q850;
  /** Headers of the message that ended the call, when the far end sent it. */
  readonly headers: readonly Header[];
}

/**
 * `cancel`: 64*T1 after CANCEL. `2xx`: our 200 is due again. `ack`: its ACK is overdue.
 * `1xx`: our reliable provisional response is due again. `prack`: its PRACK is overdue.
 * `refresh`: the session is ours to refresh. `expire`: it was not refreshed. `glare`: our offer is due again.
 */
export type CallTimer = 'cancel' | '2xx' | 'ack' | '1xx' | 'prack' | 'refresh' | 'expire' | 'glare';

export type CallEffect =
  /** A response to the first INVITE, or to the request that is being handled. */
  | { readonly kind: 'reply'; readonly to: 'invite' | 'request'; readonly reply: Reply }
  /** Sends the last 2xx again. */
  | { readonly kind: 'repeat-answer' }
  /** Sends the last provisional response again. */
  | { readonly kind: 'repeat-progress' }
  /** A new client transaction; what comes of it is told as `replied` or `unanswered`, with the CSeq of the draft. */
  | { readonly kind: 'request'; readonly draft: Draft }
  /** The INVITE once more, in place of the one that was refused. */
  | { readonly kind: 'invite'; readonly draft: Draft }
  | { readonly kind: 'cancel'; readonly headers: readonly Header[] }
  /** Ends the INVITE transaction without an answer. */
  | { readonly kind: 'abandon' }
  /** The ACK of the 2xx with this To tag; it is kept, so that it can be sent again as it was. */
  | { readonly kind: 'ack'; readonly tag: string; readonly draft: Draft }
  | { readonly kind: 'ack-again'; readonly tag: string }
  | { readonly kind: 'arm'; readonly timer: CallTimer; readonly ms: number }
  | { readonly kind: 'disarm'; readonly timer: CallTimer }
  /** The rest is for the user. `ask-offer` must be followed by an `offer-decided` event. */
  | { readonly kind: 'progress'; readonly response: Response }
  | { readonly kind: 'answered'; readonly response: Response }
  | { readonly kind: 'acknowledged'; readonly sdp: string | undefined }
  | { readonly kind: 'ask-offer'; readonly sdp: string | undefined }
  | { readonly kind: 'offer-answered'; readonly sdp: string }
  | { readonly kind: 'offer-settled'; readonly id: number; readonly result: OfferResult }
  /** Must be followed by a `refer-decided` event. `id` names it in `notify` events. */
  | {
      readonly kind: 'ask-refer';
      readonly id: number;
      readonly target: ReferTarget;
      readonly request: Request;
    }
  | { readonly kind: 'refer-progress'; readonly id: number; readonly status: number; readonly reason: string }
  | { readonly kind: 'refer-settled'; readonly id: number; readonly result: ReferResult }
  | { readonly kind: 'info'; readonly request: Request }
  | { readonly kind: 'ended'; readonly end: CallEnd };

/** Events that a call with a dialog understands, whoever called. */
export type SessionEvent =
  /** A request of the far end inside the dialog; never ACK or CANCEL. */
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'ack'; readonly request: Request }
  | { readonly kind: 'offer-decided'; readonly sdp: string | undefined }
  /** The user offers; `offer-settled` with this `id` says what became of it. */
  | { readonly kind: 'offer'; readonly id: number; readonly method: OfferMethod; readonly sdp: string }
  /** The user refers the far end; `refer-settled` with this `id` says what became of it. */
  | { readonly kind: 'refer'; readonly id: number; readonly headers: readonly Header[] }
  | { readonly kind: 'refer-decided'; readonly status: number }
  /** The user tells what became of the far end's REFER. */
  | { readonly kind: 'notify'; readonly id: number; readonly status: number; readonly reason?: string }
  | { readonly kind: 'bye'; readonly headers: readonly Header[] }
  /** A response to a request of ours inside the dialog. */
  | { readonly kind: 'replied'; readonly cseq: number; readonly response: Response }
  | {
      readonly kind: 'unanswered';
      readonly cseq: number;
      readonly method: string;
      readonly why: 'timeout' | 'transport';
    }
  | { readonly kind: 'timer'; readonly timer: CallTimer };

/** Nothing came back for a request of ours inside the dialog. */
export type Unanswered = Extract<SessionEvent, { readonly kind: 'unanswered' }>;

export interface CallContext {
  /** Our Contact value. */
  readonly contact: string;
  readonly timing: Timing;
  readonly session: SessionPolicy;
  /** In [0, 1), another one whenever it is read. */
  readonly chance: number;
}

export interface CallStep<State> {
  readonly state: State;
  readonly effects: readonly CallEffect[];
}

/** Ended; what still comes is answered as RFC 3261 15.1.2 asks. */
export interface Over {
  readonly phase: 'over';
}

export const over: Over = { phase: 'over' };

/** Methods served; `Allow` of every answer that names them. */
export const allow: Header = {
  name: 'Allow',
  value: 'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, REFER, NOTIFY, INFO',
};
export const acceptSdp: Header = { name: 'Accept', value: 'application/sdp' };
/** Extensions served; `Supported` of INVITE, its answers and those to OPTIONS. */
const supported: Header = { name: 'Supported', value: '100rel, timer, replaces' };

const supportedUntimed: Header = { name: 'Supported', value: '100rel, replaces' };

/** `supported`, as far as it holds with this peer. */
export function supportedWith({ off }: SessionPolicy): Header {
  return off ? supportedUntimed : supported;
}

const servedAll: readonly string[] = supported.value.split(', ');
const servedUntimed: readonly string[] = supportedUntimed.value.split(', ');

/** Option tags of `Require` that are not served (RFC 3261 8.2.2.3). */
export function unsupported(request: Request, policy: SessionPolicy): string | undefined {
  const served = policy.off ? servedUntimed : servedAll;
  const foreign = headerList(request.headers, 'require').filter((tag) => !served.includes(tag.toLowerCase()));
  return foreign.length > 0 ? foreign.join(', ') : undefined;
}

/** RFC 3261 14.2: between 0 and 10 seconds. */
export function retryAfter({ chance }: CallContext): Header {
  return { name: 'Retry-After', value: String(Math.floor(chance * 11)) };
}

export function remoteEnd(kind: CallEnd['kind'], message: Message, status: number, reason: string): CallEnd {
  const cause = q850(message.headers);
  const end = { kind, by: 'remote', status, reason, headers: message.headers } as const;
  return cause ? { ...end, q850: cause } : end;
}

export function localEnd(kind: CallEnd['kind'], status: number, reason: string): CallEnd {
  return { kind, by: 'local', status, reason, headers: [] };
}
