import type { Cancel, Clock } from '../../app/ports/clock.ts';
import type { PingResult, SipEndpoint } from '../sip/api.ts';
import { type Trunk, type TrunkStatus, targetOf } from './trunk.ts';

type Found = Pick<TrunkStatus, 'state' | 'why'>;

/** Asks each trunk with OPTIONS whether it is there. */
export class Health {
  readonly #endpoint: SipEndpoint;
  readonly #clock: Clock;
  #trunks: readonly Trunk[];
  readonly #everyMs: number;
  readonly #found = new Map<string, Found>();
  #next: Cancel | undefined;

  constructor(endpoint: SipEndpoint, clock: Clock, trunks: readonly Trunk[], everyMs: number) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#trunks = trunks;
    this.#everyMs = everyMs;
  }

  /** Asks these from now on, at once. */
  use(trunks: readonly Trunk[]): void {
    this.#trunks = trunks;
    this.#found.clear();
    this.stop();
    this.start();
  }

  start(): void {
    for (const trunk of this.#trunks) {
      this.#endpoint.options(targetOf(trunk), (result) => this.#found.set(trunk.name, judge(result)));
    }
    this.#next = this.#clock.at(this.#clock.now() + this.#everyMs, 'trunk health', () => this.start());
  }

  stop(): void {
    this.#next?.();
  }

  of(name: string): Found {
    return this.#found.get(name) ?? { state: 'unknown', why: 'not answered yet' };
  }
}

function judge(result: PingResult): Found {
  switch (result.kind) {
    case 'response':
      // RFC 3261 21.5.4: the peer is there and says that it takes no calls. Any other answer shows that it lives.
      return { state: result.status === 503 ? 'down' : 'up', why: `${result.status} ${result.reason}` };
    case 'timeout':
      return { state: 'down', why: 'no reply to OPTIONS' };
    case 'transport':
      return { state: 'down', why: result.why };
  }
}
