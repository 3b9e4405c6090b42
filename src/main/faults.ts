/** Faults of our own infrastructure: each breaks the real part and nothing else (`ringback faults`, scenarios). */
import type { Fault } from '../app/ports/administration.ts';
import type { MediaHost } from '../edge/media/host.ts';
import type { StoreFaults } from '../edge/store/faults.ts';

type Mend = () => void;

export class Faults {
  readonly #broken = new Map<Fault, Mend>();
  readonly #store: StoreFaults;
  readonly #media: MediaHost;

  constructor(store: StoreFaults, media: MediaHost) {
    this.#store = store;
    this.#media = media;
  }

  list(): readonly Fault[] {
    return [...this.#broken.keys()];
  }

  /** Undefined when it is done; else why it could not be. */
  break(fault: Fault): string | undefined {
    if (this.#broken.has(fault)) return `${fault} is broken already`;
    const mend = this.#breakers[fault]();
    if (!mend) return 'no media process runs';
    // A killed process is replaced at once: there is nothing left to mend.
    if (fault !== 'media-killed') this.#broken.set(fault, mend);
    return undefined;
  }

  mend(fault?: Fault): void {
    for (const [name, mend] of this.#broken) {
      if (fault !== undefined && name !== fault) continue;
      this.#broken.delete(name);
      mend();
    }
  }

  readonly #breakers: { readonly [F in Fault]: () => Mend | undefined } = {
    'store-locked': () => this.#store.lock(),
    'store-full': () => this.#store.fill(),
    'store-lost': () => this.#store.lose(),
    'media-stopped': () => (this.#media.stopProcess() ? () => void this.#media.continueProcess() : undefined),
    'media-killed': () => (this.#media.killProcess() ? () => undefined : undefined),
    'media-deaf': () => {
      this.#media.deafen(true);
      return () => this.#media.deafen(false);
    },
  };
}
