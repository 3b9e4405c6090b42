import { randomInt } from 'node:crypto';
import type { MediaAddress, RemoteMedia, TrunkEvent } from '../../app/ports/trunk.ts';
import { LocalDescription, readMedia, sameMedia } from './media.ts';
import type { Trunk } from './trunk.ts';

/** Offers and answers of one leg, and what was last heard of the far end's audio. */
export class Negotiation {
  readonly #legId: string;
  readonly #audible: boolean;
  readonly #local: LocalDescription;
  readonly #emit: (event: TrunkEvent) => void;
  #remote: RemoteMedia | undefined;

  constructor(legId: string, trunk: Trunk, ownHost: string, emit: (event: TrunkEvent) => void) {
    this.#legId = legId;
    this.#audible = trunk.media === 'rtp';
    this.#local = new LocalDescription(randomInt(1, 2 ** 31), ownHost);
    this.#emit = emit;
  }

  use(local: MediaAddress | undefined): void {
    this.#local.use(this.#audible ? local : undefined);
  }

  heard(remote: RemoteMedia): void {
    this.#remote = remote;
  }

  offer(): string {
    return this.#local.offer();
  }

  answer(offer: string): string | undefined {
    return this.#local.answer(offer);
  }

  /** The far end offers again, or asks for an offer. */
  respond(offer: string | undefined): string | undefined {
    if (offer === undefined) return this.#local.offer();
    const answer = this.#local.answer(offer);
    if (answer !== undefined) this.answered(offer);
    return answer;
  }

  /** What the far end said of its audio after the call was answered. */
  answered(sdp: string): void {
    if (!this.#audible) return;
    const remote = readMedia(sdp);
    if ('unusable' in remote || (this.#remote && sameMedia(remote, this.#remote))) return;
    this.#remote = remote;
    this.#emit({ kind: 'media-changed', legId: this.#legId, remote });
  }
}
