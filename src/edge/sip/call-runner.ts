import type { CallContext, CallEffect, CallStep, CallTimer, SessionEvent } from '../../wire/sip/call.ts';
import type { Draft, Reply } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import type { CallHandlers, SeenResponse } from './api.ts';
import { Asked, seenReferral } from './asked.ts';
import type { ClientUser } from './client-transactions.ts';
import { seenEnd, seenInfo, seenResponse } from './seen.ts';
import type { LiveServerTransaction } from './server-transactions.ts';
import type { RunnerTimers } from './transaction-runner.ts';

/** What a call needs of the endpoint to perform its effects. */
export interface CallWorld {
  readonly timers: RunnerTimers;
  /** Sends a request of the call in a transaction of its own. */
  request(draft: Draft, user: ClientUser): void;
  /** Sends the INVITE once more. */
  invite(draft: Draft): void;
  cancel(headers: readonly Header[], settled: () => void): void;
  abandon(): void;
  /** Sends an ACK; the result sends the same bytes again. */
  ack(draft: Draft): () => void;
  /** The call is over and its last transaction gone. */
  forget(): void;
  bug(error: unknown): void;
}

export interface AllHandlers extends CallHandlers {
  progress?(response: SeenResponse): void;
  answered?(response: SeenResponse): void;
  acknowledged?(sdp: string | undefined): void;
}

type OfferDecided = { readonly kind: 'offer-decided'; readonly sdp: string | undefined };
type Heard = Extract<
  SessionEvent,
  { readonly kind: 'replied' | 'unanswered' | 'offer' | 'refer' | 'refer-decided' | 'notify' }
>;
type TimerFired = { readonly kind: 'timer'; readonly timer: CallTimer };

/** Kept to be sent again: of forks, and of the last re-INVITEs. */
const MAX_ACKS = 20;

/** Runs one pure call machine: keeps its state and timers, performs its effects. */
export class CallRunner<State, Event> {
  readonly #step: (
    state: State,
    event: Event | OfferDecided | Heard | TimerFired,
    context: CallContext,
  ) => CallStep<State>;
  readonly #world: CallWorld;
  readonly #context: CallContext;
  readonly #timers = new Map<CallTimer, () => void>();
  readonly #acks: { readonly tag: string; readonly again: () => void }[] = [];
  #state: State;
  #handlers: AllHandlers | undefined;
  /** What is to be told once the user's own call has returned. */
  #untold: (() => void)[] | undefined;
  /** The first INVITE, and the request that is being handled. */
  #invite: LiveServerTransaction | undefined;
  #current: LiveServerTransaction | undefined;
  #answered: LiveServerTransaction | undefined;
  /** What the user asked the far end for. */
  readonly asked = new Asked((wish) => this.#take(wish));
  #open = 0;
  #ended = false;

  constructor(
    initial: State,
    step: (
      state: State,
      event: Event | OfferDecided | Heard | TimerFired,
      context: CallContext,
    ) => CallStep<State>,
    world: CallWorld,
    context: CallContext,
  ) {
    this.#state = initial;
    this.#step = step;
    this.#world = world;
    this.#context = context;
  }

  get state(): State {
    return this.#state;
  }

  get ended(): boolean {
    return this.#ended;
  }

  handle(handlers: AllHandlers): void {
    this.#handlers = handlers;
  }

  serve(invite: LiveServerTransaction): void {
    this.#invite = invite;
  }

  /** One more transaction of this call: it is not forgotten before the result has been called. */
  hold(): () => void {
    this.#open += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#open -= 1;
      this.#forgetWhenDone();
    };
  }

  /** From the far end or a timer: the user is told at once. */
  feed(event: Event): void {
    this.#take(event);
  }

  /** From the user: nothing is told before its call has returned. */
  command(event: Event | Heard): void {
    if (this.#untold) {
      this.#take(event);
      return;
    }
    const untold: (() => void)[] = [];
    this.#untold = untold;
    try {
      this.#take(event);
    } finally {
      this.#untold = undefined;
    }
    if (untold.length > 0) {
      queueMicrotask(() => {
        for (const tell of untold) tell();
      });
    }
  }

  #askRefer(effect: Extract<CallEffect, { readonly kind: 'ask-refer' }>): number {
    // RFC 3515 2.4.2.
    if (!this.#handlers?.refer) return 603;
    try {
      return this.#handlers.refer(seenReferral(effect, (notice) => this.command(notice)));
    } catch (error) {
      this.#world.bug(error);
      return 500;
    }
  }

  feedRequest(transaction: LiveServerTransaction, event: Event): void {
    this.#current = transaction;
    this.#take(event);
    this.#current = undefined;
  }

  drop(): void {
    for (const timer of [...this.#timers.keys()]) this.#disarm(timer);
  }

  #take(event: Event | OfferDecided | Heard | TimerFired): void {
    const step = this.#step(this.#state, event, this.#context);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: CallEffect): void {
    switch (effect.kind) {
      case 'reply':
        this.#reply(effect.to === 'invite' ? this.#invite : this.#current, effect.reply);
        return;
      case 'repeat-answer':
        this.#answered?.repeatAnswer();
        return;
      case 'repeat-progress':
        this.#invite?.repeat();
        return;
      case 'request':
        this.#request(effect.draft);
        return;
      case 'invite':
        this.#world.invite(effect.draft);
        return;
      case 'cancel':
        this.#world.cancel(effect.headers, this.hold());
        return;
      case 'abandon':
        this.#world.abandon();
        return;
      case 'ack':
        if (this.#acks.length >= MAX_ACKS) this.#acks.shift();
        this.#acks.push({ tag: effect.tag, again: this.#world.ack(effect.draft) });
        return;
      case 'ack-again':
        this.#acks.find(({ tag }) => tag === effect.tag)?.again();
        return;
      case 'arm':
        this.#arm(effect.timer, effect.ms);
        return;
      case 'disarm':
        this.#disarm(effect.timer);
        return;
      case 'ask-offer':
        this.#take({ kind: 'offer-decided', sdp: this.#ask(effect.sdp) });
        return;
      case 'offer-settled':
        this.asked.settleOffer(effect.id, effect.result);
        return;
      case 'ask-refer':
        this.#take({ kind: 'refer-decided', status: this.#askRefer(effect) });
        return;
      case 'refer-progress':
        this.#tell(() => this.asked.progress(effect.id, effect.status, effect.reason));
        return;
      case 'refer-settled':
        this.asked.settleRefer(effect.id, effect.result);
        return;
      case 'info':
        this.#tell(() => this.#handlers?.info?.(seenInfo(effect.request)));
        return;
      case 'ended':
        this.#ended = true;
        this.asked.end();
        this.drop();
        this.#tell(() => {
          const handlers = this.#handlers;
          this.#handlers = undefined;
          handlers?.ended(seenEnd(effect.end));
        });
        this.#forgetWhenDone();
        return;
      case 'progress':
        this.#tell(() => this.#handlers?.progress?.(seenResponse(effect.response)));
        return;
      case 'answered':
        this.#tell(() => this.#handlers?.answered?.(seenResponse(effect.response)));
        return;
      case 'acknowledged':
        this.#tell(() => this.#handlers?.acknowledged?.(effect.sdp));
        return;
      case 'offer-answered':
        this.#tell(() => this.#handlers?.offerAnswered?.(effect.sdp));
        return;
    }
  }

  #request(draft: Draft): void {
    const { cseq } = draft;
    this.#world.request(draft, {
      response: (response) => this.#take({ kind: 'replied', cseq, response }),
      failed: (why) => this.#take({ kind: 'unanswered', cseq, why }),
      ended: this.hold(),
    });
  }

  #reply(transaction: LiveServerTransaction | undefined, reply: Reply): void {
    if (!transaction) return;
    transaction.reply(reply);
    if (reply.status >= 200 && reply.status < 300 && transaction.request.method === 'INVITE') {
      this.#answered = transaction;
    }
  }

  #ask(sdp: string | undefined): string | undefined {
    try {
      return this.#handlers?.offer?.(sdp);
    } catch (error) {
      this.#world.bug(error);
      return undefined;
    }
  }

  #tell(tell: () => void): void {
    const safely = (): void => {
      try {
        tell();
      } catch (error) {
        this.#world.bug(error);
      }
    };
    if (this.#untold) this.#untold.push(safely);
    else safely();
  }

  #arm(timer: CallTimer, ms: number): void {
    this.#disarm(timer);
    const { clock, counted } = this.#world.timers;
    const fire = (): void => {
      this.#timers.delete(timer);
      counted(-1);
      this.#take({ kind: 'timer', timer });
    };
    counted(1);
    // Repetition follows the wall, waiting the clock.
    const stop =
      timer === '2xx' || timer === '1xx' ? wallTimer(ms, fire) : clock.after(ms, `SIP call ${timer}`, fire);
    this.#timers.set(timer, stop);
  }

  #disarm(timer: CallTimer): void {
    const stop = this.#timers.get(timer);
    if (!stop) return;
    this.#timers.delete(timer);
    this.#world.timers.counted(-1);
    stop();
  }

  #forgetWhenDone(): void {
    if (this.#ended && this.#open === 0) this.#world.forget();
  }
}

function wallTimer(ms: number, fire: () => void): () => void {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
}
