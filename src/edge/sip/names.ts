import { randomBytes } from 'node:crypto';

/** Makes names that nobody has used or can guess. */
export interface Names {
  /** RFC 3261 8.1.1.7: unique across space and time, so a nonce of this start and a counter, not a small random number. */
  branch(): string;
  /** RFC 3261 19.3: at least 32 bits of cryptographic randomness. */
  tag(): string;
  callId(): string;
}

const POOL = 4096;
const TAG = 8;

export function createNames(): Names {
  const boot = randomBytes(6).toString('hex');
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
      return `z9hG4bK${boot}${count.toString(36)}`;
    },
    tag: () => random(TAG),
    callId: () => random(2 * TAG),
  };
}
