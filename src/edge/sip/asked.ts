import type { CallEffect, SessionEvent } from '../../wire/sip/call.ts';
import { referToValue } from '../../wire/sip/refer.ts';
import type { OfferMethod, OfferResult } from '../../wire/sip/session-offer.ts';
import type { ReferResult } from '../../wire/sip/session-refer.ts';
import { toPeople } from '../../wire/sip/syntax.ts';
import { safeUri } from '../../wire/sip/uri.ts';
import type { ReferOptions, Referral } from './api.ts';
import { seenHeaders } from './seen.ts';

type Wish = Extract<SessionEvent, { readonly kind: 'offer' | 'refer' }>;
/** What became of a referral. */
export type Notice = Extract<SessionEvent, { readonly kind: 'notify' }>;

interface WaitingRefer {
  resolve(result: ReferResult): void;
  progress(status: number, reason: string): void;
}

/** What the user of a call has asked the far end for, and waits for. */
export class Asked {
  readonly #feed: (wish: Wish) => void;
  readonly #offers = new Map<number, (result: OfferResult) => void>();
  readonly #refers = new Map<number, WaitingRefer>();
  #last = 0;
  #over = false;

  constructor(feed: (wish: Wish) => void) {
    this.#feed = feed;
  }

  offer(sdp: string, method: OfferMethod = 'INVITE'): Promise<OfferResult> {
    if (this.#over) return Promise.resolve({ kind: 'ended' });
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#offers.set(id, resolve);
      this.#feed({ kind: 'offer', id, method, sdp });
    });
  }

  refer({ headers = [], to, replaces, progress = () => {} }: ReferOptions): Promise<ReferResult> {
    if (this.#over) return Promise.resolve({ kind: 'ended' });
    const id = ++this.#last;
    const value = referToValue(safeUri(to), replaces);
    return new Promise((resolve) => {
      this.#refers.set(id, { resolve, progress });
      this.#feed({ kind: 'refer', id, headers: [{ name: 'Refer-To', value }, ...headers] });
    });
  }

  progress(id: number, status: number, reason: string): void {
    this.#refers.get(id)?.progress(status, toPeople(reason));
  }

  settleOffer(id: number, result: OfferResult): void {
    const resolve = this.#offers.get(id);
    this.#offers.delete(id);
    resolve?.(result.kind === 'refused' ? { ...result, reason: toPeople(result.reason) } : result);
  }

  settleRefer(id: number, result: ReferResult): void {
    const waiting = this.#refers.get(id);
    this.#refers.delete(id);
    waiting?.resolve(result.kind === 'ended' ? result : { ...result, reason: toPeople(result.reason) });
  }

  /** The call is over. */
  end(): void {
    this.#over = true;
    for (const id of [...this.#refers.keys()]) this.settleRefer(id, { kind: 'ended' });
    for (const id of [...this.#offers.keys()]) this.settleOffer(id, { kind: 'ended' });
  }
}

/** A REFER of the far end as the user sees it. */
export function seenReferral(
  { id, target, request }: Extract<CallEffect, { readonly kind: 'ask-refer' }>,
  feed: (notice: Notice) => void,
): Referral {
  return {
    to: toPeople(target.uri),
    headers: seenHeaders(request),
    ...(target.replaces && { replaces: target.replaces }),
    notify: (status, reason) =>
      feed({ kind: 'notify', id, status, ...(reason === undefined ? {} : { reason }) }),
  };
}
