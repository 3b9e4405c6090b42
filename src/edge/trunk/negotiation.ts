import { randomInt } from 'node:crypto';
import type { LocalMedia, RemoteMedia, TrunkEvent } from '../../app/ports/trunk.ts';
import type { Unusable } from '../../wire/sdp/audio.ts';
import { LocalDescription, readMedia, sameMedia } from './media.ts';
import type { Trunk } from './trunk.ts';

/** Offers and answers of one leg, and what was last heard of the far end's audio. */
export class Negotiation {
  readonly #legId: string;
  readonly #audible: boolean;
  readonly #secure: boolean;
  readonly #local: LocalDescription;
  readonly #emit: (event: TrunkEvent) => void;
  #remote: RemoteMedia | undefined;

  constructor(legId: string, trunk: Trunk, ownHost: string, emit: (event: TrunkEvent) => void) {
    this.#legId = legId;
    this.#audible = trunk.media !== 'none';
    this.#secure = trunk.media === 'srtp';
    this.#local = new LocalDescription({
      sessionId: randomInt(1, 2 ** 31),
      fallbackAddress: ownHost,
      secure: this.#secure,
      ice: trunk.ice === true,
    });
    this.#emit = emit;
  }

  use(local: LocalMedia | undefined): void {
    this.#local.use(this.#audible ? local : undefined);
  }

  heard(remote: RemoteMedia): void {
    this.#remote = remote;
  }

  /** From the next offer or answer on, our side holds the far end, or does no longer; the result takes that back. */
  hold(held: boolean): () => void {
    const heldThere = this.#remote?.direction === 'sendonly' || this.#remote?.direction === 'inactive';
    // RFC 3264 8.4: what was only received is then neither sent nor received.
    return this.#local.turn(held ? (heldThere ? 'inactive' : 'sendonly') : 'sendrecv');
  }

  offer(): string {
    return this.#local.offer();
  }

  answer(offer: string): string | undefined {
    const answer = this.#local.answer(offer);
    return typeof answer === 'string' ? answer : undefined;
  }

  /** What an offer of the far end says of its audio, or why we cannot use it. */
  readOffer(sdp: string): RemoteMedia | Unusable {
    return readMedia(sdp, { secure: this.#secure });
  }

  /** The same of its answer to an offer of ours. */
  readAnswer(sdp: string | undefined): RemoteMedia | Unusable {
    const media = readMedia(sdp, { secure: this.#secure, answers: true });
    if ('unusable' in media || this.#local.offersIce) return media;
    // RFC 8839 4.3: an answer speaks of ICE only where the offer did.
    const { ice: _, ...plain } = media;
    return plain;
  }

  /** The far end offers again, or asks for an offer. */
  respond(offer: string | undefined): string | undefined {
    if (offer === undefined) return this.#local.offer();
    const answer = this.answer(offer);
    if (answer !== undefined) this.#changed(this.readOffer(offer));
    return answer;
  }

  /** What the far end answered to an offer of ours after the call was answered. */
  answered(sdp: string): void {
    this.#changed(this.readAnswer(sdp));
  }

  #changed(remote: RemoteMedia | Unusable): void {
    if (!this.#audible) return;
    if ('unusable' in remote || (this.#remote && sameMedia(remote, this.#remote))) return;
    this.#remote = remote;
    this.#emit({ kind: 'media-changed', legId: this.#legId, remote });
  }
}
