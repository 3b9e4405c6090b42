import type { CallContext, CallEffect, CallStep, CallTimer, SessionEvent } from '../../wire/sip/call.ts';
import type { Draft, Reply } from '../../wire/sip/format.ts';
import type { OfferMethod, OfferResult } from '../../wire/sip/session-offer.ts';
import type { ReferResult } from '../../wire/sip/session-refer.ts';
import type { ReferOptions } from './api.ts';
import { Asked } from './asked.ts';
import { CallTimers } from './call-timers.ts';
import { type AllHandlers, CallUser } from './call-user.ts';
import type { CallWorld } from './call-world.ts';
import type { LiveServerTransaction } from './server-transactions.ts';

/** What a runner tells its machine by itself, whichever machine it is. */
type OwnEvent = Extract<
  SessionEvent,
  {
    readonly kind:
      | 'offer-decided'
      | 'replied'
      | 'unanswered'
      | 'offer'
      | 'refer'
      | 'refer-decided'
      | 'notify'
      | 'timer';
  }
>;
type Stepper<State, Event> = (state: State, event: Event | OwnEvent, context: CallContext) => CallStep<State>;

/** Kept to be sent again: of forks, and of the last re-INVITEs. */
const MAX_ACKS = 20;

/** Runs one pure call machine: keeps its state, performs its effects. */
export class CallRunner<State, Event> {
  readonly #step: Stepper<State, Event>;
  readonly #world: CallWorld;
  readonly #context: CallContext;
  readonly #timers: CallTimers;
  readonly #user: CallUser;
  #acks: readonly { readonly tag: string; readonly again: () => void }[] = [];
  /** Made when something is asked for: most calls never do. */
  #asked: Asked | undefined;
  #state: State;
  /** The first INVITE, and the request that is being handled. */
  #invite: LiveServerTransaction | undefined;
  #current: LiveServerTransaction | undefined;
  #answered: LiveServerTransaction | undefined;
  #open = 0;
  #ended = false;

  constructor(initial: State, step: Stepper<State, Event>, world: CallWorld, context: CallContext) {
    this.#state = initial;
    this.#step = step;
    this.#world = world;
    this.#context = context;
    this.#user = new CallUser((error) => world.bug(error));
    this.#timers = new CallTimers(world.timers, (timer: CallTimer) => this.#take({ kind: 'timer', timer }));
  }

  get state(): State {
    return this.#state;
  }

  handle(handlers: AllHandlers): void {
    this.#user.handle(handlers);
  }

  serve(invite: LiveServerTransaction): void {
    this.#invite = invite;
  }

  /** The INVITE that is served is never answered. */
  ignore(): void {
    this.#invite?.silence();
    if (this.#invite) this.#invite.onCancel = undefined;
    this.drop();
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

  feedRequest(transaction: LiveServerTransaction, event: Event): void {
    this.#current = transaction;
    this.#take(event);
    this.#current = undefined;
  }

  /** From the user: nothing is told before its call has returned. */
  command(event: Event | OwnEvent): void {
    this.#user.holdingBack(() => this.#take(event));
  }

  offer(sdp: string, method?: OfferMethod): Promise<OfferResult> {
    return this.#asking().offer(sdp, method);
  }

  refer(options: ReferOptions): Promise<ReferResult> {
    return this.#asking().refer(options);
  }

  #asking(): Asked {
    if (this.#asked) return this.#asked;
    this.#asked = new Asked((wish) => this.#take(wish));
    if (this.#ended) this.#asked.end();
    return this.#asked;
  }

  drop(): void {
    this.#timers.drop();
  }

  #take(event: Event | OwnEvent): void {
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
        this.#world.inviting?.invite(effect.draft);
        return;
      case 'cancel':
        this.#world.inviting?.cancel(effect.headers, this.hold());
        return;
      case 'abandon':
        this.#world.inviting?.abandon();
        return;
      case 'ack':
        this.#acks = [
          ...this.#acks.slice(1 - MAX_ACKS),
          { tag: effect.tag, again: this.#world.ack(effect.draft) },
        ];
        return;
      case 'ack-again':
        this.#acks.find(({ tag }) => tag === effect.tag)?.again();
        return;
      case 'arm':
        this.#timers.arm(effect.timer, effect.ms);
        return;
      case 'disarm':
        this.#timers.disarm(effect.timer);
        // Acknowledged: there is nothing left to repeat.
        if (effect.timer === '2xx') this.#answered = undefined;
        return;
      case 'ask-offer':
        this.#take({ kind: 'offer-decided', sdp: this.#user.askOffer(effect.sdp) });
        return;
      case 'offer-settled':
        this.#asked?.settleOffer(effect.id, effect.result);
        return;
      case 'ask-refer': {
        const status = this.#user.askRefer(effect, (notice) => this.command(notice));
        this.#take({ kind: 'refer-decided', status });
        return;
      }
      case 'refer-progress':
        this.#user.later(() => this.#asked?.progress(effect.id, effect.status, effect.reason));
        return;
      case 'refer-settled':
        this.#asked?.settleRefer(effect.id, effect.result);
        return;
      case 'ended':
        this.#ended = true;
        this.#asked?.end();
        this.drop();
        this.#user.tell(effect);
        this.#forgetWhenDone();
        return;
      case 'progress':
      case 'answered':
      case 'acknowledged':
      case 'offer-answered':
      case 'info':
        this.#user.tell(effect);
        return;
    }
  }

  #request(draft: Draft): void {
    const { cseq, method } = draft;
    this.#world.request(draft, {
      response: (response) => this.#take({ kind: 'replied', cseq, response }),
      failed: (why) => this.#take({ kind: 'unanswered', cseq, method, why }),
      ended: this.hold(),
    });
  }

  #reply(transaction: LiveServerTransaction | undefined, reply: Reply): void {
    if (!transaction) return;
    transaction.reply(reply);
    if (reply.status >= 200 && reply.status < 300 && transaction.request.method === 'INVITE') {
      this.#answered = transaction;
      if (transaction === this.#invite) this.#invite = undefined;
    }
  }

  #forgetWhenDone(): void {
    if (this.#ended && this.#open === 0) this.#world.forget();
  }
}
