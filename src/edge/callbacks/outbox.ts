/** The outbox of the server, put together. */
import { callbackRecipient } from './callback-recipient.ts';
import { OrderedOutbox, type OrderedOutboxOptions } from './ordered-outbox.ts';
import type { Recipient } from './recipient.ts';
import type { Signing } from './signing.ts';

export interface OutboxOptions extends Omit<OrderedOutboxOptions, 'recipients'> {
  readonly signing: Pick<Signing, 'callbackToken'>;
  /** From `gridRecipient`. */
  readonly subscription: Recipient;
  /** Wall time that an application may take to accept a callback. */
  readonly callbackTimeoutMs?: number;
}

/** Call `start()` once the desks are ready for `onDelivered`; `owe` before it only collects. */
export function createOutbox({
  signing,
  subscription,
  callbackTimeoutMs,
  ...options
}: OutboxOptions): OrderedOutbox {
  const callback = callbackRecipient(signing, callbackTimeoutMs ?? 10_000);
  return new OrderedOutbox({ ...options, recipients: { callback, subscription } });
}
