import type { Request } from '../../wire/sip/message.ts';
import type { DialogId } from '../../wire/sip/refer.ts';
import type { LiveServerTransaction } from './server-transactions.ts';

/** A call as the table of calls knows it. */
export interface LiveCall {
  readonly key: string;
  readonly callId: string;
  /** `undefined` while any peer may speak for the far end (several forks). */
  readonly remoteTag: string | undefined;
  readonly stage: 'ringing-here' | 'ringing-there' | 'up' | 'over';
  request(transaction: LiveServerTransaction): void;
  ack(request: Request): void;
  /** Whether the same ACK came before. */
  isRepeatedAck(text: string): boolean;
  /** The endpoint stops: CANCEL, BYE or 503. */
  stop(): void;
  drop(): void;
}

/** Calls by our tag, which nobody else can have chosen. */
export class Calls {
  readonly #calls = new Map<string, LiveCall>();

  get size(): number {
    return this.#calls.size;
  }

  add(localTag: string, call: LiveCall): void {
    this.#calls.set(localTag, call);
  }

  remove(localTag: string): void {
    this.#calls.delete(localTag);
  }

  /** The call that a request inside a dialog is for (RFC 3261 12.2.2). */
  find(request: Request): LiveCall | undefined {
    const call = this.#calls.get(request.toTag);
    if (!call || call.callId !== request.callId) return undefined;
    return call.remoteTag === undefined || call.remoteTag === request.fromTag ? call : undefined;
  }

  /** The call that somebody else names by its dialog. */
  named({ callId, localTag, remoteTag }: DialogId): LiveCall | undefined {
    const call = this.#calls.get(localTag);
    if (!call || call.callId !== callId) return undefined;
    return call.remoteTag === undefined || call.remoteTag === remoteTag ? call : undefined;
  }

  all(): readonly LiveCall[] {
    return [...this.#calls.values()];
  }
}
