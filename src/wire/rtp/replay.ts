/** Which packets of one SRTP stream came already, and what their 16-bit numbers stand for, RFC 3711 3.3.1 and 3.3.2. */
const rollOver = 2 ** 16;
/** Packets; the RFC asks for 64 at least. 128 are 2.5 s of audio. */
export const windowLength = 128;

export class Replay {
  readonly #seen = new Uint8Array(windowLength);
  #highest: number | undefined;

  /** The 48-bit index that is nearest to what came last; negative: from before the stream began. */
  estimate(sequence: number): number {
    const highest = this.#highest;
    if (highest === undefined) return sequence;
    const step = ((sequence - highest) << 16) >> 16;
    return highest + step;
  }

  /** Not seen yet, and not so old that nobody could tell. */
  isNew(index: number): boolean {
    if (index < 0) return false;
    const highest = this.#highest;
    if (highest === undefined || index > highest) return true;
    return highest - index < windowLength && this.#seen[index % windowLength] === 0;
  }

  /** Only after authentication: a forged packet must not move the window. */
  take(index: number): void {
    const highest = this.#highest ?? index;
    const skipped = Math.min(index - highest, windowLength);
    for (let back = 0; back < skipped; back++) this.#seen[(index - back) % windowLength] = 0;
    this.#highest = Math.max(highest, index);
    this.#seen[index % windowLength] = 1;
  }
}

/** How often the sequence number has begun again, which is what both sides must agree on. */
export const rollOversOf = (index: number): number => Math.floor(index / rollOver);
