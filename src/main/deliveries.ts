/** Everything that leaves the server as an event: signing, the outbox, subscriptions, dead letters. */
import type { SubscriptionDefinition } from '../app/ports/administration.ts';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { Ids } from '../app/ports/directory.ts';
import type { OutboxEntry, Store } from '../app/ports/store.ts';
import type { Config, SubscriptionConfig } from '../config/config.ts';
import type { GridEvent } from '../domain/call/events.ts';
import { readContext } from '../domain/call/incoming-context.ts';
import { DeadLetters } from '../edge/callbacks/dead-letters.ts';
import { gridRecipient } from '../edge/callbacks/grid-recipient.ts';
import type { OrderedOutbox } from '../edge/callbacks/ordered-outbox.ts';
import { createOutbox } from '../edge/callbacks/outbox.ts';
import { type ClosablePoster, createPoster } from '../edge/callbacks/poster.ts';
import { openSigning, type Signing } from '../edge/callbacks/signing.ts';
import { Subscriptions } from '../edge/callbacks/subscriptions.ts';

export interface DeliveryParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly ids: Ids;
  /** PEM of the local CA. */
  readonly ca: string;
  readonly trouble: (part: string) => (error: unknown) => void;
}

export interface Deliveries {
  /** For whatever else is asked of addresses that others named. */
  readonly poster: ClosablePoster;
  readonly outbox: OrderedOutbox;
  readonly subscriptions: Subscriptions;
  readonly signing: Signing;
  /** Where receivers reach us, once the ports are known. */
  useBase(url: string): void;
  /** Told when an IncomingCall event was accepted. */
  onDelivered(told: (callId: string, offerId: string) => void): void;
  start(): void;
  /** Sends what can be sent within `graceMs`; the rest stays owed. */
  stop(graceMs: number): Promise<void>;
  /** Drops what is in memory, after the store was reset. */
  forget(): void;
}

const definition = (config: SubscriptionConfig): SubscriptionDefinition => ({
  name: config.name,
  endpoint: config.endpoint,
  resource: config.resource,
  schema: config.schema,
  maxDeliveryAttempts: config.maxDeliveryAttempts,
  eventTimeToLiveMinutes: config.eventTimeToLiveMinutes,
  headers: config.headers,
  ...(config.events.length === 0
    ? {}
    : { events: config.events.map((type) => type.replace('Microsoft.Communication.', '')) }),
  ...(config.subjectBeginsWith === undefined ? {} : { subjectBeginsWith: config.subjectBeginsWith }),
  ...(config.subjectEndsWith === undefined ? {} : { subjectEndsWith: config.subjectEndsWith }),
  ...(config.deadLetter === undefined ? {} : { deadLetter: config.deadLetter }),
});

function acceptedOffer({ event }: OutboxEntry): { callId: string; offerId: string } | undefined {
  const told = event as unknown as GridEvent | { readonly type: string };
  return 'incomingCallContext' in told ? readContext(told.incomingCallContext) : undefined;
}

export async function openDeliveries(parts: DeliveryParts): Promise<Deliveries> {
  const { config, store, clock, quiet, ids, trouble } = parts;
  let base = '';
  let told: (callId: string, offerId: string) => void = () => undefined;
  const poster = createPoster({
    profile: config.profile,
    allow: config.outbound.allow,
    allowHttpCallbacks: config.allowHttpCallbacks,
    ca: [parts.ca],
    ...(config.outbound.caFile === undefined ? {} : { caFile: config.outbound.caFile }),
  });
  const signing = await openSigning({ store, clock });
  const deadLetters = new DeadLetters({ store, clock, quiet, onTrouble: trouble('dead letters') });
  const subscriptions = new Subscriptions({
    store,
    poster,
    clock,
    quiet,
    ids,
    handshakeTimeoutMs: config.outbound.answerWithin,
    resource: (name) => config.resources.find((resource) => name === undefined || resource.name === name),
    baseUrl: () => base,
    onTrouble: trouble('subscriptions'),
  });
  const outbox = createOutbox({
    store,
    poster,
    clock,
    quiet,
    signing,
    subscription: gridRecipient({
      target: (name) => subscriptions.target(name),
      deadLetters,
      timeoutMs: config.outbound.answerWithin,
    }),
    onDelivered: (entry) => {
      const offer = acceptedOffer(entry);
      if (offer) told(offer.callId, offer.offerId);
    },
    onTrouble: trouble('outbox'),
  });
  return {
    poster,
    outbox,
    subscriptions,
    signing,
    useBase: (url) => {
      base = url;
    },
    onDelivered: (listener) => {
      told = listener;
    },
    start() {
      subscriptions.start(config.subscriptions.map(definition));
      deadLetters.start();
      outbox.start();
    },
    forget() {
      outbox.forget();
      deadLetters.stop();
    },
    async stop(graceMs) {
      await outbox.stop(graceMs);
      subscriptions.stop();
      deadLetters.stop();
      await poster.close();
    },
  };
}
