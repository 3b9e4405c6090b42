import type { Draft } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import {
  type Registered,
  type RegistrationEffect,
  type RegistrationEvent,
  type RegistrationStep,
  startRegistration,
  stepRegistration,
} from '../../wire/sip/registration.ts';
import { bracketed, parseUri, safeUri } from '../../wire/sip/uri.ts';
import type { RegisterOptions, Registration, RegistrationState } from './api.ts';
import type { Sender } from './authorizing.ts';
import type { Flow } from './flow.ts';
import type { Names } from './names.ts';
import type { RunnerTimers } from './transaction-runner.ts';

const USUAL_SECONDS = 3600;

export interface RegisterWorld {
  readonly names: Names;
  readonly timers: RunnerTimers;
  readonly product: readonly Header[];
  readonly sender: Sender;
  /** Our Contact value where the options name none. */
  readonly contact: string;
  /** It is over. */
  forget(registration: LiveRegistration): void;
  bug(error: unknown): void;
}

/** Runs the machine of one registration. */
export class LiveRegistration implements Registration {
  readonly #world: RegisterWorld;
  readonly #options: RegisterOptions;
  readonly #onState: (state: RegistrationState) => void;
  readonly #contact: string;
  readonly #callId: string;
  readonly #from: string;
  readonly #stopped = Promise.withResolvers<void>();
  #machine: Registered;
  #told: RegistrationState = { kind: 'registering' };
  #cseq = 0;
  #disarm: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(
    world: RegisterWorld,
    options: RegisterOptions,
    onState: (state: RegistrationState) => void = () => {},
  ) {
    const aor = parseUri(options.aor);
    if (!aor || aor.scheme === 'tel') throw new Error(`${options.aor} is no address of record`);
    this.#world = world;
    this.#options = options;
    this.#onState = onState;
    this.#contact = options.contact === undefined ? world.contact : `<${safeUri(options.contact)}>`;
    // RFC 3261 10.2: one Call-ID for all registrations with one registrar, and CSeq counts on.
    this.#callId = world.names.callId();
    this.#from = `<${safeUri(options.aor)}>;tag=${world.names.tag()}`;
    const first = startRegistration(options.expires ?? USUAL_SECONDS);
    this.#machine = first.state;
    // Nobody is told anything before `register` has returned.
    queueMicrotask(() => this.#take(first));
  }

  get state(): RegistrationState {
    return this.#told;
  }

  stop(): Promise<void> {
    this.#feed({ kind: 'stop' });
    return this.#stopped.promise;
  }

  /** Lets go of it without asking anybody. */
  drop(): void {
    this.#release();
    this.#stopped.resolve();
  }

  #feed(event: RegistrationEvent): void {
    const contact = this.#contact.slice(1, -1);
    this.#take(stepRegistration(this.#machine, event, { contact, chance: Math.random }));
  }

  #take({ state, effects }: RegistrationStep): void {
    this.#machine = state;
    for (const effect of effects) this.#perform(effect);
    if (state.phase !== 'over') return;
    this.#world.forget(this);
    this.drop();
  }

  #perform(effect: RegistrationEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect.expires);
        return;
      case 'arm':
        this.#arm(effect.ms);
        return;
      case 'disarm':
        this.#release();
        return;
      case 'tell':
        this.#told = effect.state;
        try {
          this.#onState(effect.state);
        } catch (error) {
          this.#world.bug(error);
        }
        return;
    }
  }

  #send(expires: number): void {
    const { registrar } = this.#options;
    let flow: Flow | undefined;
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#world.sender.request(
      this.#draft(expires),
      registrar,
      undefined,
      {
        response: (response) => {
          this.#feed({ kind: 'response', response });
          // A connection that goes may have been the only way to reach us: RFC 5626 4.3.
          if (response.status >= 200 && response.status < 300 && flow && flow.protocol !== 'udp')
            this.#watch(flow);
        },
        failed: (why, detail) =>
          this.#feed({ kind: 'failed', why: why === 'timeout' ? 'no reply to REGISTER' : detail }),
        ended: () => {},
      },
      (transaction) => {
        flow = transaction.flow;
      },
    );
  }

  #watch(flow: Flow): void {
    if (this.#machine.phase !== 'waiting') return;
    this.#unwatch?.();
    this.#unwatch = flow.watch((why) => this.#feed({ kind: 'flow-lost', why }));
  }

  #draft(expires: number): Draft {
    const { aor } = this.#options;
    this.#cseq += 1;
    const uri = parseUri(aor);
    const domain = uri && uri.scheme !== 'tel' ? `${uri.scheme}:${bracketed(uri.host)}` : aor;
    const port = uri && uri.scheme !== 'tel' && uri.port !== undefined ? `:${uri.port}` : '';
    return {
      method: 'REGISTER',
      // RFC 3261 10.2: the domain, without a user.
      uri: safeUri(`${domain}${port}`),
      callId: this.#callId,
      cseq: this.#cseq,
      from: this.#from,
      to: `<${safeUri(aor)}>`,
      routes: [],
      headers: [
        { name: 'Contact', value: this.#contact },
        { name: 'Expires', value: String(expires) },
        ...this.#world.product,
      ],
    };
  }

  #arm(ms: number): void {
    this.#disarm?.();
    const { clock, counted } = this.#world.timers;
    counted(1);
    let armed = true;
    const gone = (): void => {
      if (armed) counted(-1);
      armed = false;
    };
    const stop = clock.after(ms, 'SIP registration', () => {
      gone();
      this.#disarm = undefined;
      this.#feed({ kind: 'timer' });
    });
    this.#disarm = () => {
      stop();
      gone();
    };
  }

  #release(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#unwatch?.();
    this.#unwatch = undefined;
  }
}
