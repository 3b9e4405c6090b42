import { randomBytes } from 'node:crypto';
import { challengeHeaders, checkCredentials, makeNonce } from '../../wire/sip/digest-check.ts';
import type { Reply } from '../../wire/sip/format.ts';
import type { Request } from '../../wire/sip/message.ts';
import type { Authentication } from './api.ts';

/** How long a nonce can be used, and how many in use are remembered. */
const NONCE_MS = 60_000;
const MAX_NONCES = 200_000;

export type Verdict =
  | { readonly kind: 'proven'; readonly user: string }
  /** `wrong`: the credentials were bad, not only missing or old. */
  | { readonly kind: 'challenge'; readonly reply: Reply; readonly wrong: boolean };

/** Challenges requests and verifies what comes back. Nonces cost nothing before they are used. */
export class DigestGuard {
  readonly #key = randomBytes(32).toString('hex');
  readonly #now: () => number;
  /** Highest count seen of each nonce, and when it was first used; the oldest first. */
  readonly #used = new Map<string, { count: number; readonly at: number }>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  verify(request: Request, authentication: Authentication): Verdict {
    const now = this.#now();
    const checked = checkCredentials(request, authentication, { key: this.#key, now, liveMs: NONCE_MS });
    if (checked.kind === 'right' && this.#isNew(checked.nonce, checked.count, now))
      return { kind: 'proven', user: checked.user };
    // A count that came before is a replay or was overtaken: who knows the password can answer a new nonce.
    const stale = checked.kind === 'right' || checked.kind === 'stale';
    const nonce = makeNonce(this.#key, now, randomBytes(9).toString('hex'));
    const headers = challengeHeaders(authentication, nonce, stale);
    return { kind: 'challenge', reply: { status: 401, headers }, wrong: checked.kind === 'wrong' };
  }

  // RFC 7616 3.4 and 5.5: nc only grows with a nonce, so that nothing can be replayed.
  #isNew(nonce: string, count: number, now: number): boolean {
    for (const [old, { at }] of this.#used) {
      if (now - at <= NONCE_MS) break;
      this.#used.delete(old);
    }
    const used = this.#used.get(nonce);
    if (used ? count <= used.count : this.#used.size >= MAX_NONCES) return false;
    if (used) used.count = count;
    else this.#used.set(nonce, { count, at: now });
    return true;
  }
}
