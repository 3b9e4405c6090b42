import type { CallContext, Over } from '../../wire/sip/call.ts';
import type { Draft } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import type { Session } from '../../wire/sip/session.ts';
import type { Credentials, DialogId, SessionPolicy, Target, Timing } from './api.ts';
import type { Sender } from './authorizing.ts';
import type { Calls } from './calls.ts';
import type { ClientUser } from './client-transactions.ts';
import type { Flow } from './flow.ts';
import type { Names } from './names.ts';
import type { Requester } from './requester.ts';
import type { RunnerTimers } from './transaction-runner.ts';

/** What all calls of an endpoint share. */
export interface CallsWorld {
  readonly calls: Calls;
  readonly names: Names;
  readonly timers: RunnerTimers;
  readonly timing: Timing;
  readonly requester: Requester;
  readonly product: readonly Header[];
  /** Of calls we place; `sessionWith` of those that come. */
  readonly session: SessionPolicy;
  sessionWith(source: Target): SessionPolicy;
  /** In [0, 1). */
  random(): number;
  /** Our Contact value towards a peer; `uri` is what was called. */
  contact(peer: Target, uri?: string): string;
  credentials(peer: Target): Credentials | undefined;
  bug(error: unknown): void;
}

/** What one call needs to perform the effects of its machine. */
export interface CallWorld {
  readonly timers: RunnerTimers;
  /** Sends a request of the call in a transaction of its own. */
  request(draft: Draft, user: ClientUser): void;
  /** Sends an ACK; the result sends the same bytes again. */
  ack(draft: Draft): () => void;
  /** The call is over and its last transaction gone. */
  forget(): void;
  bug(error: unknown): void;
  /** For a call that we place. */
  readonly inviting?: Inviting;
}

export interface Inviting {
  /** Sends the INVITE once more. */
  invite(draft: Draft): void;
  cancel(headers: readonly Header[], settled: () => void): void;
  abandon(): void;
}

/** `near` tells the flow that the call came or went over, once it is known. */
export function callWorld(
  { calls, timers, bug }: CallsWorld,
  sender: Sender,
  call: { readonly key: string; readonly localTag: string; readonly near: () => Flow | undefined },
  inviting?: Inviting,
): CallWorld {
  const { key, localTag, near } = call;
  return {
    timers,
    request(draft, user) {
      sender.routeInDialog(draft, near(), (found) => {
        if (typeof found === 'string') unroutable(user, found);
        else sender.requestOver(found, draft, key, user);
      });
    },
    ack: (draft) => sender.ack(draft, near(), key),
    forget: () => calls.remove(localTag),
    bug,
    ...(inviting && { inviting }),
  };
}

/** There is no way to send this. Told after the step that wanted to send it. */
function unroutable(user: ClientUser, why: string): void {
  queueMicrotask(() => {
    user.failed('transport', why);
    user.ended();
  });
}

/** What the machine of a call is told. A class: objects written with a getter of their own are six times as large. */
export class CallSurroundings implements CallContext {
  readonly contact: string;
  readonly timing: Timing;
  readonly session: SessionPolicy;
  readonly #random: () => number;

  constructor(contact: string, { timing, random }: CallsWorld, session: SessionPolicy) {
    this.contact = contact;
    this.timing = timing;
    this.session = session;
    this.#random = random;
  }

  get chance(): number {
    return this.#random();
  }
}

export function dialogId(session: Session | Over | undefined): DialogId | undefined {
  if (session?.phase !== 'up') return undefined;
  const { callId, localTag, remoteTag } = session.dialog;
  return { callId, localTag, remoteTag };
}
