import type { CallEnd, OutboundCall, OutboundHandlers, SeenResponse } from '../../edge/sip/api.ts';
import type { FarEnd } from './far-end.ts';
import type { FarPhone } from './far-phone.ts';
import type { Voice } from './numbers.ts';
import type { CarrierWorld } from './world.ts';

/** What a simulated caller saw, in order. The last one is always one of the ends. */
export type DialEvent =
  | { readonly kind: 'ringing'; readonly status: number; readonly reason: string }
  | { readonly kind: 'answered' }
  | DialEnd;

export type DialEnd =
  /** A final response of the server. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | { readonly kind: 'hung-up'; readonly by: 'server' | 'caller' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'no-reply' }
  | { readonly kind: 'unreachable'; readonly why: string };

export interface DialOptions {
  /** E.164, or `anonymous`. */
  readonly from: string;
  readonly to: string;
  readonly displayName?: string;
  /** Gives up, or hangs up, this many milliseconds of clock after dialling. */
  readonly forMs?: number;
  /** `mute` never sends RTP. */
  readonly media?: 'silence' | 'mute' | 'echo' | 'tone';
  /** Further headers of the INVITE: User-To-User, X-… */
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly onEvent?: (event: DialEvent) => void;
}

/** A simulated PSTN caller's call. */
export interface DialledCall extends FarEnd {
  readonly events: readonly DialEvent[];
  readonly ended: Promise<DialEnd>;
  /** Gives up while it rings; after the answer, the same as `hangUp`. */
  cancel(): void;
}

export interface PlacedCallOptions {
  readonly world: CarrierWorld;
  readonly dial: DialOptions;
  readonly phone: FarPhone;
  readonly place: (sdp: string, handlers: OutboundHandlers) => OutboundCall;
  readonly forget: (call: PlacedCall) => void;
}

const endOf = (end: CallEnd): DialEnd => {
  switch (end.kind) {
    case 'final':
      return { kind: 'refused', status: end.status, reason: end.reason };
    case 'timeout':
      return { kind: 'no-reply' };
    case 'transport':
      return { kind: 'unreachable', why: end.reason };
    case 'cancelled':
    case 'cancel-confirmed':
      return { kind: 'cancelled' };
    case 'bye':
    case 'ack-timeout':
    case 'prack-timeout':
    case 'expired':
    case 'lost':
      return { kind: 'hung-up', by: end.by === 'remote' ? 'server' : 'caller' };
  }
};

const voices = { silence: 'silence', mute: 'nothing', echo: 'echo', tone: 'tone' } as const satisfies Record<
  string,
  Voice
>;

export class PlacedCall implements DialledCall {
  readonly direction = 'placed';
  readonly from: string;
  readonly to: string;
  readonly sipCallId: string;
  readonly ended: Promise<DialEnd>;
  readonly #options: PlacedCallOptions;
  readonly #call: OutboundCall;
  readonly #events: DialEvent[] = [];
  readonly #settle: (end: DialEnd) => void;
  readonly #giveUp: (() => void) | undefined;
  #state: FarEnd['state'] = 'ringing';

  constructor(options: PlacedCallOptions) {
    const { dial, phone, world } = options;
    this.#options = options;
    this.from = dial.from;
    this.to = dial.to;
    const { promise, resolve } = Promise.withResolvers<DialEnd>();
    this.ended = promise;
    this.#settle = resolve;
    this.#call = options.place(phone.offer(), {
      progress: ({ status, reason }) => this.#saw({ kind: 'ringing', status, reason }),
      answered: (response) => this.#answered(response),
      ended: (end) => this.#end(endOf(end)),
      offer: (sdp) => phone.reoffered(sdp),
      offerAnswered: (sdp) => {
        if (phone.accept(sdp)) phone.follow();
      },
    });
    this.sipCallId = this.#call.callId;
    if (dial.forMs !== undefined) {
      const name = `simulated ${dial.from} hangs up`;
      this.#giveUp = world.clock.at(world.clock.now() + dial.forMs, name, () => this.hangUp());
    }
  }

  get state(): FarEnd['state'] {
    return this.#state;
  }

  get events(): readonly DialEvent[] {
    return this.#events;
  }

  get packetsHeard(): number {
    return this.#options.phone.line.packets;
  }

  get tonesHeard(): string {
    return this.#options.phone.line.tones;
  }

  get hearsSound(): boolean {
    return this.#options.phone.line.hearsSound;
  }

  hangUp(): void {
    this.#call.bye();
  }

  cancel(): void {
    this.#call.bye();
  }

  /** It is the server that answers a placed call, and refuses it. */
  answer(): void {}
  reject(): void {}

  stopMedia(): void {
    this.#options.phone.line.switch(false);
  }

  resumeMedia(): void {
    this.#options.phone.line.switch(true);
  }

  /** Nothing more will come of this call: the carrier goes away. */
  drop(): void {
    this.#end({ kind: 'hung-up', by: 'caller' });
  }

  press(keys: string): Promise<void> {
    return this.#options.phone.line.press(keys);
  }

  #answered({ sdp }: SeenResponse): void {
    const { phone, dial } = this.#options;
    this.#state = 'answered';
    this.#saw({ kind: 'answered' });
    // Nothing to hear in the answer: a caller hangs up on that.
    if (sdp === undefined || !phone.accept(sdp)) this.hangUp();
    else phone.speak(voices[dial.media ?? 'silence']);
  }

  #end(end: DialEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#giveUp?.();
    this.#options.phone.line.close();
    this.#options.forget(this);
    this.#saw(end);
    this.#settle(end);
  }

  #saw(event: DialEvent): void {
    this.#events.push(event);
    this.#options.dial.onEvent?.(event);
  }
}
