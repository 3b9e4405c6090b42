/** Event Grid deliveries to validated subscriptions (`reference/event-grid.md` §3). */
import { STATUS_CODES } from 'node:http';
import type { SubscriptionAddress } from '../../app/desks/entries.ts';
import type { SubscriptionDefinition } from '../../app/ports/administration.ts';
import type { OutboxEntry } from '../../app/ports/store.ts';
import { type AnyGridEvent, gridEvent, gridEventId } from '../../wire/events/grid-event.ts';
import type { DeadLetters } from './dead-letters.ts';
import { type DeadLetterReason, gridVerdict, type RetryPolicy } from './grid-retry.ts';
import { webHookOrigin } from './handshake.ts';
import type { PostAnswer, PostFailure, PostRequest } from './poster.ts';
import type { GivenUp, Recipient } from './recipient.ts';

/** Where a subscription's events go now. */
export interface GridTarget {
  readonly definition: SubscriptionDefinition;
  readonly topic: string;
  readonly validated: boolean;
}

export interface GridRecipientOptions {
  readonly target: (name: string) => GridTarget | undefined;
  readonly deadLetters: Pick<DeadLetters, 'bury'>;
  /** Wall time; Event Grid waits 30 s. */
  readonly timeoutMs?: number;
}

/** How often an entry whose subscription is not validated (again) yet looks whether it is. */
const lookAgainMs = 5_000;

export function gridRecipient({ target, deadLetters, timeoutMs = 30_000 }: GridRecipientOptions): Recipient {
  const reasons = new WeakMap<OutboxEntry, DeadLetterReason>();
  return {
    prepare(entry, attempts, now) {
      const name = nameOf(entry);
      const found = target(name);
      if (!found) return { never: `The subscription ${name} was deleted.` };
      if (now > entry.at + policyOf(found.definition).timeToLiveMs) {
        reasons.set(entry, 'TimeToLiveExceeded');
        return { never: `The event outlived the time to live that the subscription ${name} gives it.` };
      }
      if (!found.validated) return { later: now + lookAgainMs };
      return { send: request(found, entry, attempts, timeoutMs) };
    },
    judge(entry, answer, tried) {
      const found = target(nameOf(entry));
      const verdict = gridVerdict(answer, tried, policyOf(found?.definition));
      if (verdict.verdict === 'give-up') reasons.set(entry, verdict.reason);
      return verdict;
    },
    givenUp(what) {
      const found = target(nameOf(what.entry));
      const reason = reasons.get(what.entry);
      if (!found?.definition.deadLetter || !reason) return;
      const record = deadLetter(found, what, reason);
      deadLetters.bury(what.entry.id, found.definition.deadLetter, what.lastAttemptAt, record);
    },
  };
}

const addressOf = ({ to }: OutboxEntry): SubscriptionAddress => to as unknown as SubscriptionAddress;
const nameOf = (entry: OutboxEntry): string => addressOf(entry).name;

function policyOf(definition?: SubscriptionDefinition): RetryPolicy {
  return {
    maxDeliveryAttempts: definition?.maxDeliveryAttempts ?? 30,
    timeToLiveMs: (definition?.eventTimeToLiveMinutes ?? 1440) * 60_000,
  };
}

function eventOf({ definition, topic }: GridTarget, entry: OutboxEntry) {
  const event = entry.event as unknown as AnyGridEvent;
  const id = gridEventId(event, entry.id);
  const envelope = { id, at: entry.at, topic, subject: addressOf(entry).subject };
  return gridEvent(event, envelope, definition.schema ?? 'eventgrid');
}

function request(target: GridTarget, entry: OutboxEntry, attempts: number, timeoutMs: number): PostRequest {
  const { definition } = target;
  const event = eventOf(target, entry);
  const own = Object.entries(definition.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const cloud = 'specversion' in event;
  return {
    url: definition.endpoint,
    method: 'POST',
    headers: {
      ...(Object.fromEntries(own) as Record<string, string>),
      'content-type': cloud
        ? 'application/cloudevents+json; charset=utf-8'
        : 'application/json; charset=utf-8',
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': definition.name,
      'aeg-delivery-count': String(attempts),
      'aeg-output-event-id': entry.id,
      ...(cloud
        ? { origin: webHookOrigin }
        : { 'aeg-data-version': event.dataVersion, 'aeg-metadata-version': event.metadataVersion }),
    },
    body: JSON.stringify(cloud ? event : [event]),
    timeoutMs,
  };
}

/** Names as in Azure's samples where one is known, else the status' own. */
const outcomes: Readonly<Record<number, string>> = { 408: 'TimedOut', 413: 'PayloadTooLarge', 503: 'Busy' };
const failures: Readonly<Record<PostFailure['how'], string>> = {
  silent: 'TimedOut',
  unreachable: 'Unreachable',
  forbidden: 'Undelivered',
};

function lastOutcome(answer: PostAnswer | PostFailure): string {
  if ('failed' in answer) return failures[answer.how];
  return (
    outcomes[answer.status] ??
    STATUS_CODES[answer.status]?.replaceAll(/[^A-Za-z]/g, '') ??
    String(answer.status)
  );
}

function deadLetter(target: GridTarget, what: GivenUp, reason: DeadLetterReason): readonly unknown[] {
  const event = eventOf(target, what.entry);
  const facts = {
    deadLetterReason: reason,
    deliveryAttempts: what.attempts,
    lastDeliveryOutcome: lastOutcome(what.answer),
    publishTime: new Date(what.entry.at).toISOString(),
    lastDeliveryAttemptTime: new Date(what.lastAttemptAt).toISOString(),
  };
  const named =
    'specversion' in event
      ? Object.entries(facts).map(([name, value]) => [name.toLowerCase(), value])
      : Object.entries(facts);
  return [{ ...event, ...Object.fromEntries(named) }];
}
