/** Effects that are owed to others, as outbox entries: stored with the facts they follow from. */
import type { Call } from '../../domain/call/call.ts';
import type { Effect } from '../../domain/call/effects.ts';
import { type CallbackAddress, type GridEvent, gridSubject } from '../../domain/call/events.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Directory, Ids } from '../ports/directory.ts';
import type { Json, OutboxEntry } from '../ports/store.ts';

/** A subscription of the resource, by name. */
export interface SubscriptionAddress {
  readonly kind: 'subscription';
  readonly name: string;
  /** By which subscriptions filter, and receivers route. */
  readonly subject: string;
}

export interface EntryContext {
  readonly ids: Ids;
  readonly directory: Directory;
  readonly call: Call;
  readonly at: Instant;
  /** Rises within a call, so that one stream keeps its order. */
  readonly order: number;
}

const json = (value: object): Json => value as unknown as Json;

function callbackEntry(
  effect: Extract<Effect, { effect: 'callback' }>,
  context: EntryContext,
): OutboxEntry[] {
  const { call, at, order } = context;
  const connection = call.connections[effect.connectionId];
  if (!connection) return [];
  const to: CallbackAddress = {
    kind: 'callback',
    url: effect.to ?? connection.callbackUri,
    resourceId: connection.resourceId,
    apiVersion: connection.apiVersion,
  };
  const entry = { id: context.ids.next(), callId: call.callId, stream: connection.id, order, at };
  return [{ ...entry, to: json(to), event: json(effect.event) }];
}

export interface AnnouncementContext extends Pick<EntryContext, 'ids' | 'at' | 'order'> {
  readonly callId: string;
}

/** What is owed to these subscriptions. */
export function announcements(
  event: GridEvent,
  names: readonly string[],
  context: AnnouncementContext,
): OutboxEntry[] {
  const { callId, at, order } = context;
  return names.map((name) => {
    const id = context.ids.next();
    const to: SubscriptionAddress = { kind: 'subscription', name, subject: gridSubject(event) };
    // Event Grid promises no order: every entry is a stream of its own.
    return {
      id,
      callId,
      stream: `subscription:${name}:${id}`,
      order,
      at,
      to: json(to),
      event: json(event),
    };
  });
}

export function entriesFor(effect: Effect, context: EntryContext): readonly OutboxEntry[] {
  if (effect.effect === 'callback') return callbackEntry(effect, context);
  if (effect.effect !== 'announce') return [];
  const { event } = effect;
  const names =
    effect.subscriptions ??
    context.directory.subscribers(context.call.resourceId, event.type, gridSubject(event));
  return announcements(event, names, { ...context, callId: context.call.callId });
}
