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

  /** Asks these from now on, at once. What is known of those that stay as they are stays until they answer. */
  use(trunks: readonly Trunk[]): void {
    const before = new Map(this.#trunks.map((trunk) => [trunk.name, JSON.stringify(trunk)]));
    const now = new Map(trunks.map((trunk) => [trunk.name, JSON.stringify(trunk)]));
    for (const name of this.#found.keys()) {
      if (before.get(name) !== now.get(name)) this.#found.delete(name);
    }
    this.#trunks = trunks;
    this.stop();
    this.start();
  }

  start(): void {
    for (const trunk of this.#trunks) {
      this.#endpoint.options(targetOf(trunk), (result) => {
        // What came of asking settings that are no longer in force says nothing about those that are.
        if (this.#trunks.includes(trunk)) this.#found.set(trunk.name, judge(result, trunk));
      });
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

function judge(result: PingResult, trunk: Trunk): Found {
  switch (result.kind) {
    case 'response': {
      const { status, reason } = result;
      // RFC 3261 21.5.4: the peer is there and says that it takes no calls. Any other answer shows that it lives.
      return {
        state: status === 503 ? 'down' : 'up',
        why: `${status} ${reason}${aboutLogin(status, trunk)}`,
      };
    }
    case 'timeout':
      return { state: 'down', why: 'no reply to OPTIONS' };
    case 'transport':
      return { state: 'down', why: result.why };
  }
}

/** A challenge that came through was not answered, or not to its liking. */
function aboutLogin(status: number, { credentials }: Trunk): string {
  if (status !== 401 && status !== 407) return '';
  if (!credentials) return ': it asks for credentials, and none are set';
  if (credentials.realm === undefined) return ': user or password is wrong';
  return `: user or password is wrong, or its realm is not "${credentials.realm}"`;
}
