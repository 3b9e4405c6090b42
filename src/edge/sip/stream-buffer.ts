const LEAST = 512;
const nothing: Buffer = Buffer.alloc(0);

/** Bytes of a stream that wait to be read. Appending copies each byte a few times at most, however small the pieces. */
export class StreamBuffer {
  #bytes: Buffer = nothing;
  #from = 0;
  #to = 0;
  /** False while it is a piece as it came, which is not ours to write to. */
  #own = false;

  get length(): number {
    return this.#to - this.#from;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(this.#from, this.#to);
  }

  append(piece: Buffer): void {
    const { length } = this;
    if (length === 0) {
      this.#bytes = piece;
      this.#from = 0;
      this.#to = piece.length;
      this.#own = false;
      return;
    }
    if (!this.#own || this.#to + piece.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(LEAST, 2 * (length + piece.length)));
      this.#bytes.copy(larger, 0, this.#from, this.#to);
      this.#bytes = larger;
      this.#from = 0;
      this.#to = length;
      this.#own = true;
    }
    piece.copy(this.#bytes, this.#to);
    this.#to += piece.length;
  }

  /** Lets go of the first bytes. */
  take(count: number): void {
    this.#from += count;
    if (this.length === 0) this.#bytes = nothing;
  }
}
