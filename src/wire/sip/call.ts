import type { Draft, Reply } from './format.ts';
import { type Header, header } from './header.ts';
import type { Message, Request, Response } from './message.ts';
import { type Q850, q850 } from './reason.ts';
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
 */
export interface CallEnd {
  readonly kind: 'final' | 'timeout' | 'transport' | 'bye' | 'cancelled' | 'cancel-confirmed' | 'ack-timeout';
  /** Whose word it is. `local` means that this side generated `status`. */
  readonly by: 'local' | 'remote';
  readonly status: number;
  readonly reason: string;
  /** From a `Reason` header of the final response, BYE or CANCEL. */
  readonly q850?: Q850;
  /** Headers of the message that ended the call, when the far end sent it. */
  readonly headers: readonly Header[];
}

/** `cancel`: 64*T1 after CANCEL. `2xx`: our 200 is due again. `ack`: its ACK is overdue. */
export type CallTimer = 'cancel' | '2xx' | 'ack';

export type CallEffect =
  /** A response to the first INVITE, or to the request that is being handled. */
  | { readonly kind: 'reply'; readonly to: 'invite' | 'request'; readonly reply: Reply }
  /** Sends the last 2xx again. */
  | { readonly kind: 'repeat-answer' }
  /** A new client transaction. */
  | { readonly kind: 'request'; readonly draft: Draft }
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
  | { readonly kind: 'ended'; readonly end: CallEnd };

/** Events that a call with a dialog understands, whoever called. */
export type SessionEvent =
  /** A request of the far end inside the dialog; never ACK or CANCEL. */
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'ack'; readonly request: Request }
  | { readonly kind: 'offer-decided'; readonly sdp: string | undefined }
  | { readonly kind: 'bye'; readonly headers: readonly Header[] }
  | { readonly kind: 'timer'; readonly timer: CallTimer };

export interface CallContext {
  /** Our Contact value. */
  readonly contact: string;
  readonly timing: Timing;
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
export const allow: Header = { name: 'Allow', value: 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE' };
export const acceptSdp: Header = { name: 'Accept', value: 'application/sdp' };

/** Option tags of `Require` that are not served (RFC 3261 8.2.2.3). */
export function unsupported(request: Request): string | undefined {
  return header(request.headers, 'require');
}

export function remoteEnd(kind: CallEnd['kind'], message: Message, status: number, reason: string): CallEnd {
  const cause = q850(message.headers);
  const end = { kind, by: 'remote', status, reason, headers: message.headers } as const;
  return cause ? { ...end, q850: cause } : end;
}

export function localEnd(kind: CallEnd['kind'], status: number, reason: string): CallEnd {
  return { kind, by: 'local', status, reason, headers: [] };
}
