import type { InboundCall, InboundHandlers } from '../../edge/sip/api.ts';
import type { FarEnd } from './far-end.ts';
import { FarPhone } from './far-phone.ts';
import { type Behaviour, reasonHeaders, type Voice } from './numbers.ts';
import { type CarrierWorld, soon } from './world.ts';

export interface ReceivedCallOptions {
  readonly world: CarrierWorld;
  readonly call: InboundCall;
  readonly from: string;
  readonly to: string;
  readonly behaviour: Exclude<Behaviour, { readonly does: 'plays-dead' }>;
  readonly forget: (call: ReceivedCall) => void;
}

/** The server calls a number of the carrier: rings, and does what the number does. */
export class ReceivedCall implements FarEnd {
  readonly direction = 'received';
  readonly from: string;
  readonly to: string;
  readonly sipCallId: string;
  readonly handlers: InboundHandlers;
  readonly #options: ReceivedCallOptions;
  #phone: FarPhone | undefined;
  #state: FarEnd['state'] = 'ringing';
  #answering = false;
  #spoken: Voice | undefined;
  #on = true;
  #cancel: (() => void)[] = [];

  constructor(options: ReceivedCallOptions) {
    this.#options = options;
    this.from = options.from;
    this.to = options.to;
    this.sipCallId = options.call.invite.callId;
    this.handlers = {
      ended: () => this.drop(),
      acknowledged: (sdp) => this.#acknowledged(sdp),
      offer: (sdp) => this.#phone?.reoffered(sdp),
      refer: () => (options.behaviour.does === 'answers' ? (options.behaviour.refusesRefer ?? 603) : 603),
      offerAnswered: (sdp) => {
        if (this.#phone?.accept(sdp) === true) this.#phone.follow();
      },
    };
  }

  get state(): FarEnd['state'] {
    return this.#state;
  }

  get packetsHeard(): number {
    return this.#phone?.line.packets ?? 0;
  }

  get tonesHeard(): string {
    return this.#phone?.line.tones ?? '';
  }

  get hearsSound(): boolean {
    return this.#phone?.line.hearsSound ?? false;
  }

  begin(): void {
    const { call, behaviour, world } = this.#options;
    call.ring();
    switch (behaviour.does) {
      case 'rings-for-ever':
        break;
      case 'refuses':
        this.#soon(world.pace.ring, 'refuses', () => this.reject(behaviour.status));
        break;
      case 'answers':
        this.#soon(world.pace.ring, 'answers', () => this.answer());
        break;
    }
  }

  answer(): void {
    if (this.#state !== 'ringing' || this.#answering) return;
    this.#answering = true;
    const release = this.#options.world.quiet.hold(`simulated ${this.to} answers`);
    void this.#answer().finally(release);
  }

  reject(status: number): void {
    if (this.#state === 'ringing') this.#options.call.reject(status, undefined, reasonHeaders(status));
  }

  hangUp(): void {
    this.#options.call.bye();
  }

  stopMedia(): void {
    this.#switch(false);
  }

  resumeMedia(): void {
    this.#switch(true);
  }

  /** From now on, or from the answer on; instead of what its number says. */
  speak(voice: Voice): void {
    this.#spoken = voice;
    if (this.#state === 'answered') this.#phone?.speak(voice);
  }

  /** Nothing more will come of this call, whatever the reason. */
  drop(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    for (const cancel of this.#cancel.splice(0)) cancel();
    this.#phone?.line.close();
    this.#options.forget(this);
  }

  press(keys: string): Promise<void> {
    return this.#phone?.line.press(keys) ?? Promise.resolve();
  }

  get #voice(): Voice {
    const { behaviour } = this.#options;
    return this.#spoken ?? (behaviour.does === 'answers' ? behaviour.voice : 'silence');
  }

  async #answer(): Promise<void> {
    const { call, world } = this.#options;
    const line = await world.lines.open();
    // Cancelled or refused while the socket was bound.
    if (this.#state !== 'ringing') {
      line?.close();
      return;
    }
    if (line === undefined) {
      call.reject(503);
      return;
    }
    const { behaviour } = this.#options;
    const inactive = behaviour.does === 'answers' && behaviour.inactive === true;
    const direction = inactive ? 'inactive' : 'sendrecv';
    const phone = new FarPhone(line, world.address, world.nextSessionId(), direction);
    this.#phone = phone;
    line.switch(this.#on);
    const { sdp } = call.invite;
    const own = sdp === undefined ? phone.offer() : phone.answer(sdp);
    const speechless = behaviour.does === 'answers' && behaviour.undescribed === true;
    if (own === undefined) call.reject(488);
    else call.answer(speechless ? '' : own);
  }

  #acknowledged(sdp: string | undefined): void {
    const { behaviour, world } = this.#options;
    const phone = this.#phone;
    if (phone === undefined || this.#state === 'ended') return;
    this.#state = 'answered';
    if (sdp !== undefined && !phone.accept(sdp)) {
      this.hangUp();
      return;
    }
    phone.speak(this.#voice);
    if (behaviour.does !== 'answers') return;
    const { keys, hangsUpAfterMs } = behaviour;
    if (keys !== undefined) this.#soon(world.pace.keys, `presses ${keys}`, () => this.#pressAll(keys));
    if (hangsUpAfterMs === undefined) return;
    const due = world.clock.now() + hangsUpAfterMs;
    this.#cancel.push(world.clock.at(due, `simulated ${this.to} hangs up`, () => this.hangUp()));
  }

  #pressAll(keys: string): void {
    const release = this.#options.world.quiet.hold(`simulated ${this.to} presses ${keys}`);
    void this.press(keys).finally(release);
  }

  #switch(on: boolean): void {
    this.#on = on;
    this.#phone?.line.switch(on);
  }

  #soon(ms: number, what: string, act: () => void): void {
    this.#cancel.push(soon(this.#options.world, ms, `simulated ${this.to} ${what}`, act));
  }
}
