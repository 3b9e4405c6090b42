/** 120 ms and 40 ms of 8000 bytes a second. */
const capacity = 960;
const prefill = 320;
/** A second of frames. */
const watchedTakes = 50;

/** G.711 bytes that wait for their 20 ms: evens out the way packets come, whatever their length. */
export class AudioQueue {
  readonly #ring = new Uint8Array(capacity);
  #start = 0;
  #length = 0;
  /** Gathers a little before it gives any, so that a packet slightly late leaves no hole. */
  #gathering = true;
  #takes = 0;
  /** The least that was left in the last second. */
  #least = capacity;

  put(bytes: Uint8Array): void {
    const kept = bytes.length > capacity ? bytes.subarray(bytes.length - capacity) : bytes;
    // What came first is dropped: a queue that only grows is delay that never ends.
    this.#drop(Math.max(0, this.#length + kept.length - capacity));
    const at = (this.#start + this.#length) % capacity;
    const first = Math.min(kept.length, capacity - at);
    this.#ring.set(first === kept.length ? kept : kept.subarray(0, first), at);
    if (first < kept.length) this.#ring.set(kept.subarray(first), 0);
    this.#length += kept.length;
    if (this.#length >= prefill) this.#gathering = false;
  }

  /** Fills `into` with sound and returns true, or leaves it alone. */
  take(into: Uint8Array): boolean {
    const count = into.length;
    if (this.#gathering || this.#length < count) {
      this.#gathering = true;
      this.#least = 0;
      return false;
    }
    const first = Math.min(count, capacity - this.#start);
    into.set(this.#ring.subarray(this.#start, this.#start + first), 0);
    if (first < count) into.set(this.#ring.subarray(0, count - first), first);
    this.#drop(count);
    this.#watch(count);
    return true;
  }

  /** What a burst has left over for a whole second is delay: a frame of it is given up. */
  #watch(count: number): void {
    this.#least = Math.min(this.#least, this.#length);
    if (++this.#takes < watchedTakes) return;
    if (this.#least >= prefill) this.#drop(count);
    this.#takes = 0;
    this.#least = this.#length;
  }

  #drop(count: number): void {
    this.#start = (this.#start + count) % capacity;
    this.#length -= count;
  }
}
