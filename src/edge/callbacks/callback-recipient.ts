/** Callbacks of Call Automation: signed, retried for ten minutes. */
import type { OutboxEntry } from '../../app/ports/store.ts';
import type { CallbackAddress, CallbackEvent } from '../../domain/call/events.ts';
import { callbackBody } from '../../wire/events/callback-body.ts';
import { callbackVerdict } from './callback-retry.ts';
import type { Recipient } from './recipient.ts';
import type { Signing } from './signing.ts';

export function callbackRecipient(signing: Pick<Signing, 'callbackToken'>, timeoutMs: number): Recipient {
  return {
    async prepare(entry: OutboxEntry) {
      const { url, resourceId, apiVersion } = entry.to as unknown as CallbackAddress;
      const event = entry.event as unknown as CallbackEvent;
      return {
        send: {
          url,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${await signing.callbackToken(resourceId)}`,
          },
          body: JSON.stringify(callbackBody(event, { id: entry.id, at: entry.at, apiVersion })),
          timeoutMs,
        },
      };
    },
    judge: (_entry, answer, tried) => callbackVerdict(answer, tried),
  };
}
