/** AES in counter mode as SRTP uses it, RFC 3711 4.1.1. */
import { type Cipheriv, createCipheriv } from 'node:crypto';

const blockLength = 16;
/** What goes into an RTP packet of ours, and more than any phone's. */
const mostBlocks = 96;

/**
 * The key stream of one key. A cipher object per packet would cost more than the packet: this one lives as long as its
 * key, encrypts counter blocks (ECB of the counters is CTR), and the caller combines.
 */
export class KeyStream {
  readonly #cipher: Cipheriv;
  readonly #counters = Buffer.alloc(mostBlocks * blockLength);

  /** 16 or 32 octets. */
  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv(key.length === 32 ? 'aes-256-ecb' : 'aes-128-ecb', key, null);
    this.#cipher.setAutoPadding(false);
  }

  /** The first `length` octets (at most 1536) of the stream that begins at `iv`: 14 octets, then the counter. */
  take(iv: Uint8Array, length: number): Uint8Array {
    const blocks = Math.ceil(length / blockLength);
    if (blocks > mostBlocks)
      throw new Error(`SRTP: ${length} octets of key stream; at most ${mostBlocks * blockLength}`);
    for (let block = 0, at = 0; block < blocks; block++, at += blockLength) {
      this.#counters.set(iv, at);
      this.#counters[at + 14] = block >>> 8;
      this.#counters[at + 15] = block & 0xff;
    }
    return this.#cipher.update(this.#counters.subarray(0, blocks * blockLength)).subarray(0, length);
  }
}
