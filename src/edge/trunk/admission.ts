import net from 'node:net';
import type { Cancel, Clock } from '../../app/ports/clock.ts';
import type { Target } from '../sip/api.ts';
import type { Network } from '../sip/network.ts';
import { FormerSources, Sources } from './sources.ts';
import type { Trunk } from './trunk.ts';
import { hasList, Whereabouts } from './whereabouts.ts';

export interface AdmissionOptions {
  readonly network: Pick<Network, 'resolve' | 'services'>;
  readonly clock: Clock;
  /** Milliseconds of clock between two looks at what names stand for. */
  readonly everyMs: number;
  /** Of the calls that are alive. */
  readonly legs: () => Iterable<string>;
  /** These trunks are elsewhere now. */
  readonly moved: (names: ReadonlySet<string>) => void;
  readonly failed: (error: unknown) => void;
}

/** Who may send us anything, while trunks and the addresses of their names change. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #whereabouts: Whereabouts;
  readonly #former = new FormerSources();
  #sources = new Sources([]);
  #nextLook: Cancel | undefined;
  #stopped = false;
  /** Why the last TLS connection of a trunk was refused, by its name. */
  readonly #tlsRefusals = new Map<string, string>();
  #refused = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#whereabouts = new Whereabouts(options.network, options.failed);
  }

  get sources(): Sources {
    return this.#sources;
  }

  /** Requests and TLS clients refused. */
  get refused(): number {
    return this.#refused;
  }

  /** Looks up where these trunks are. Rejects where an `allow` entry is no address or network. */
  async find(trunks: readonly Trunk[]): Promise<Sources> {
    return new Sources(trunks, await this.#whereabouts.of(trunks));
  }

  /** From now on; the result names the trunks that were elsewhere before. */
  use(sources: Sources): ReadonlySet<string> {
    const moved = sources.movedSince(this.#sources);
    this.#former.keep(this.#sources, this.#options.legs());
    this.#sources = sources;
    this.#tlsRefusals.clear();
    this.#lookLater();
    return moved;
  }

  stop(): void {
    this.#stopped = true;
    this.#nextLook?.();
  }

  admit({ host, protocol }: Target): true | number {
    if (protocol === 'tls' && this.#tlsRefusals.size > 0) {
      for (const { name } of this.#sources.tlsClientsAt(host)) this.#tlsRefusals.delete(name);
    }
    if (this.#sources.allows(host) || this.#former.allows(host)) return true;
    this.#refused += 1;
    return 403;
  }

  /** Its port says nothing, so that every trunk that may have been it is told of. */
  tlsRefused(host: string, why: string): void {
    const trunks = this.#sources.tlsClientsAt(host);
    for (const { name } of trunks) this.#tlsRefusals.set(name, why);
    if (trunks.length === 0) this.#refused += 1;
  }

  ended(legId: string): void {
    this.#former.ended(legId);
  }

  /** What people should know about the calls that come from a trunk, beside its health. */
  notesOn(name: string): readonly string[] {
    const refusal = this.#tlsRefusals.get(name);
    const rival = this.#sources.rivalOf(name);
    return [
      ...(refusal === undefined ? [] : [`its last TLS connection to us was refused: ${refusal}`]),
      ...(rival ? [`calls from ${rival.address} count as those of ${rival.trunk}, which is there too`] : []),
    ];
  }

  /** Names may come to stand for other addresses, and nobody says when. */
  #lookLater(): void {
    this.#nextLook?.();
    this.#nextLook = undefined;
    const named = this.#sources.trunks.some(({ allow, host }) => !hasList(allow) && net.isIP(host) === 0);
    if (!named || this.#stopped) return;
    const { clock, everyMs } = this.#options;
    this.#nextLook = clock.at(clock.now() + everyMs, 'trunk addresses', () => this.#look());
  }

  #look(): void {
    const before = this.#sources;
    this.find(before.trunks)
      .then((found) => {
        // Meanwhile others may be in use.
        if (before !== this.#sources) return;
        const moved = found.movedSince(before);
        if (moved.size === 0) {
          this.#lookLater();
          return;
        }
        this.use(found);
        this.#options.moved(moved);
      })
      .catch(this.#options.failed);
  }
}
