/** G.711 bytes that wait for their 20 ms: evens out the way packets come, whatever their length. */
export class AudioQueue {
  readonly #ring = new Uint8Array(capacity);
  #start = 0;
  #length = 0;
  /** Gathers a little before it gives any, so that a packet slightly late leaves no hole. */
  #gathering = true;

  put(bytes: Uint8Array): void {
    const kept = bytes.length > capacity ? bytes.subarray(bytes.length - capacity) : bytes;
    // What came first is dropped: a queue that only grows is delay that never ends.
    const excess = Math.max(0, this.#length + kept.length - capacity);
    this.#start = (this.#start + excess) % capacity;
    this.#length -= excess;
    for (const [index, byte] of kept.entries()) {
      this.#ring[(this.#start + this.#length + index) % capacity] = byte;
    }
    this.#length += kept.length;
    if (this.#length >= prefill) this.#gathering = false;
  }

  /** Fills `into` with sound and returns true, or leaves it alone. */
  take(into: Uint8Array): boolean {
    if (this.#gathering || this.#length < into.length) {
      this.#gathering = true;
      return false;
    }
    for (let index = 0; index < into.length; index++) {
      into[index] = this.#ring[(this.#start + index) % capacity]!;
    }
    this.#start = (this.#start + into.length) % capacity;
    this.#length -= into.length;
    return true;
  }
}

/** 120 ms and 40 ms of 8000 bytes a second. */
const capacity = 960;
const prefill = 320;
