import { createHmac, randomBytes } from 'node:crypto';

/** Makes names that nobody has used or can guess. */
export interface Names {
  /** RFC 3261 8.1.1.7: unique across space and time, so a nonce of this start and a counter. The rest is chance: who has seen one cannot answer for others. */
  branch(): string;
  /** RFC 3261 19.3: at least 32 bits of cryptographic randomness. */
  tag(): string;
  callId(): string;
  /** The same tag for the same words, which nobody else can tell beforehand (RFC 3261 8.2.7). */
  tagOf(words: string): string;
}

const POOL = 4096;
const TAG = 8;

export function createNames(): Names {
  const boot = randomBytes(6).toString('hex');
  const secret = randomBytes(32);
  let count = 0;
  let pool = randomBytes(POOL);
  let at = 0;
  const random = (bytes: number): string => {
    if (at + bytes > POOL) {
      pool = randomBytes(POOL);
      at = 0;
    }
    at += bytes;
    return pool.toString('hex', at - bytes, at);
  };
  return {
    branch() {
      count += 1;
      return `z9hG4bK${boot}${count.toString(36)}.${random(TAG)}`;
    },
    tag: () => random(TAG),
    callId: () => random(2 * TAG),
    tagOf: (words) =>
      createHmac('sha256', secret)
        .update(words)
        .digest('hex')
        .slice(0, 2 * TAG),
  };
}
