/** A recipient of a request that is repeated gets the message that it got before, and no second one. */
import { createHash } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import type { RepeatRecord, Store } from '../ports/store.ts';
import type { SentItem, SmsRecipient, SmsRequest } from './sms-commands.ts';

export interface Posted {
  readonly messageId: string;
  readonly stored: Promise<void>;
}

/** Given what is to be remembered of the message, by its id. */
export type Post = (remember?: (messageId: string) => { readonly remember: RepeatRecord }) => Posted;

const windowMs = 3_600_000;

const faults = {
  date: 'Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.',
  id: 'The repeatability-request-id is invalid: it takes 1 to 256 characters beside a repeatability-first-sent.',
  other:
    'The repeatability-request-id was used before for another message; take a new one for a new message.',
} as const;

/** IMF-fixdate (RFC 9110 5.6.7), which is what RFC 1123 came to. */
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

function faultOf({
  repeatabilityRequestId: id,
  repeatabilityFirstSent: sent,
}: SmsRecipient): string | undefined {
  if (id === undefined && sent === undefined) return undefined;
  if (sent !== undefined && (!httpDate.test(sent) || Number.isNaN(Date.parse(sent)))) return faults.date;
  if (sent === undefined) return faults.date;
  return id === undefined || !/^[\x21-\x7e]{1,256}$/.test(id) ? faults.id : undefined;
}

export class Repeats {
  readonly #deps: { readonly store: Pick<Store, 'repeat'>; readonly clock: Clock };
  /** Under way: a repetition waits for the first. */
  readonly #sending = new Map<string, Promise<unknown>>();

  constructor(deps: { readonly store: Pick<Store, 'repeat'>; readonly clock: Clock }) {
    this.#deps = deps;
  }

  async once(
    resourceId: string,
    recipient: SmsRecipient,
    request: SmsRequest,
    post: Post,
  ): Promise<SentItem> {
    const { to, repeatabilityRequestId: id } = recipient;
    const fault = faultOf(recipient);
    if (fault !== undefined) return { to, status: 400, why: fault, repeatability: true };
    if (id === undefined) {
      const { messageId, stored } = post();
      await stored;
      return { to, messageId, repeatable: false };
    }
    const key = `sms ${resourceId} ${id.toLowerCase()}`;
    const { from, text, report, tag, reportTimeoutSeconds } = request;
    const said = JSON.stringify([from, to, text, report, tag, reportTimeoutSeconds]);
    const bodyHash = createHash('sha256').update(said).digest('base64');
    while (this.#sending.has(key)) await this.#sending.get(key);
    const before = this.#deps.store.repeat(key, this.#deps.clock.now());
    if (before)
      return before.bodyHash === bodyHash
        ? { to, messageId: before.body, repeatable: true }
        : { to, status: 400, why: faults.other, repeatability: true };
    const expiresAt = this.#deps.clock.now() + windowMs;
    const { messageId, stored } = post((body) => ({
      remember: { key, bodyHash, status: 202, body, expiresAt },
    }));
    const settled = stored.catch(() => undefined).finally(() => this.#sending.delete(key));
    this.#sending.set(key, settled);
    await stored;
    return { to, messageId, repeatable: true };
  }
}
