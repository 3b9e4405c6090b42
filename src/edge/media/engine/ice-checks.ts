import type { IceCredentials, MediaAddress } from '../../../app/ports/trunk.ts';
import { readCheckAnswer, writeCheck } from '../../../wire/stun/check.ts';
import type { StunMessage } from '../../../wire/stun/message.ts';
import { isSame, nameOf } from './media-address.ts';

export interface IceChecksOptions {
  readonly own: IceCredentials;
  readonly far: IceCredentials;
  /** The best first. */
  readonly candidates: readonly MediaAddress[];
  readonly send: (bytes: Uint8Array, to: MediaAddress) => void;
  readonly note: (note: string) => void;
  readonly random: (octets: number) => Uint8Array;
}

/** One check, sent again until it is answered. */
interface Check {
  readonly to: MediaAddress;
  readonly nominates: boolean;
  readonly bytes: Uint8Array;
  readonly transaction: string;
  sentAt: number;
  sent: number;
}

/** RFC 8445 14.2: between two checks that are sent for the first time. */
const paceMs = 50;
/** RFC 8489 6.2.1: the first time-out, which doubles, and how often a request is sent. */
const timeoutMs = 500;
const mostSent = 7;
/** RFC 8445 6.1.2.5 has 100; a lite agent has one candidate for each of its addresses. */
const mostCandidates = 16;

/** The checks of the controlling side towards a lite far end: each candidate is asked, the first that answers is chosen. */
export class IceChecks {
  readonly #options: IceChecksOptions;
  readonly #tieBreaker: Uint8Array;
  readonly #waiting: MediaAddress[];
  readonly #checks = new Map<string, Check>();
  #nextAt = Number.NEGATIVE_INFINITY;
  #path: MediaAddress | undefined;
  #refusal: string | undefined;

  constructor(options: IceChecksOptions) {
    this.#options = options;
    this.#tieBreaker = options.random(8);
    this.#waiting = options.candidates.slice(0, mostCandidates);
  }

  get path(): MediaAddress | undefined {
    return this.#path;
  }

  tick(now: number): void {
    if (this.#path !== undefined) return;
    if (now >= this.#nextAt) {
      const to = this.#waiting.shift();
      if (to !== undefined) {
        this.#nextAt = now + paceMs;
        this.#begin(to, false);
      }
    }
    for (const check of this.#checks.values()) {
      const due = check.sent === 0 || now - check.sentAt >= timeoutMs * 2 ** (check.sent - 1);
      if (!due || check.sent === mostSent) continue;
      check.sent++;
      check.sentAt = now;
      this.#options.send(check.bytes, check.to);
    }
  }

  hear(message: StunMessage, from: MediaAddress): void {
    const check = this.#checks.get(Buffer.from(message.transaction).toString('hex'));
    // RFC 8445 7.2.5.2.1: an answer from elsewhere is none.
    if (check === undefined || !isSame(check.to, from)) return;
    const answer = readCheckAnswer(message, this.#options.far.password);
    if (answer === undefined) return;
    if (!answer.success) {
      this.#checks.delete(check.transaction);
      this.#refusal = `${answer.status} ${answer.reason}`.trimEnd();
      return;
    }
    if (check.nominates) {
      this.#path = check.to;
      this.#checks.clear();
      this.#options.note(`ICE: ${nameOf(check.to)} answered our checks and was chosen`);
      return;
    }
    // RFC 8445 8.1.1: the pair is known to work; asking it once more, with USE-CANDIDATE, chooses it.
    this.#checks.clear();
    this.#waiting.length = 0;
    this.#begin(check.to, true);
  }

  whyNot(): string {
    const { candidates } = this.#options;
    if (candidates.length === 0) return 'ICE: the far end named no candidate that we could send checks to';
    const to = candidates.slice(0, mostCandidates).map(nameOf).join(', ');
    return this.#refusal === undefined
      ? `ICE: no answer to our connectivity checks to ${to}`
      : `ICE: our connectivity checks to ${to} were refused, the last with ${this.#refusal}`;
  }

  #begin(to: MediaAddress, nominates: boolean): void {
    const { own, far, random } = this.#options;
    const transaction = random(12);
    const bytes = writeCheck({ own, far, transaction, tieBreaker: this.#tieBreaker, nominates });
    const key = Buffer.from(transaction).toString('hex');
    this.#checks.set(key, { to, nominates, bytes, transaction: key, sentAt: 0, sent: 0 });
  }
}
