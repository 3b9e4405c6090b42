/** The lines that owed events and the attempts to deliver them become. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Delivery, DeliveryAttempt, Json } from '../ports/store.ts';
import { place } from './fact-lines.ts';
import type { Line } from './moments.ts';
import type { Names } from './names.ts';

type Fields = Readonly<Record<string, Json | undefined>>;

function fields(value: Json | undefined): Fields {
  if (Array.isArray(value)) return fields(value[0]);
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** What an outbox entry tells, whether it is kept as a domain event or as it goes over the wire. */
export interface OwedEvent {
  readonly type: string;
  readonly connectionId?: string;
  readonly sequence?: number;
  readonly row?: string;
}

export function readEvent(event: Json): OwedEvent {
  const outer = fields(event);
  const inner = fields(outer.data);
  const type = text(outer.type) ?? text(outer.eventType) ?? 'event';
  const connectionId = text(outer.callConnectionId) ?? text(inner.callConnectionId);
  const sequence = outer.sequenceNumber ?? inner.sequenceNumber;
  const row = text(fields(outer.outcome).row);
  return {
    type: type.replace(/^Microsoft\.Communication\./, ''),
    ...(connectionId === undefined ? {} : { connectionId }),
    ...(typeof sequence === 'number' ? { sequence } : {}),
    ...(row === undefined ? {} : { row }),
  };
}

interface Receiver {
  readonly lifeline: string;
  readonly place: string;
}

function receiver(to: Json, event: OwedEvent, names: Names): Receiver {
  const address = fields(to);
  const url = text(address.url) ?? text(address.endpoint);
  const subscription = text(address.subscription) ?? text(address.name);
  const lifeline =
    subscription === undefined ? names.webhook(event.connectionId) : `subscription ${subscription}`;
  return { lifeline, place: url === undefined ? lifeline : place(url) };
}

export interface ReadDelivery {
  readonly delivery: Delivery;
  readonly event: OwedEvent;
  readonly owed: Line;
  readonly attempts: readonly {
    readonly attempt: DeliveryAttempt;
    readonly line: Line;
    readonly good: boolean;
  }[];
}

/** 2xx. Redirects are not followed (`design.md` §5). */
const accepted = ({ status }: DeliveryAttempt): boolean =>
  status !== undefined && status >= 200 && status < 300;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 3)} s`;

function next({ state, attempts }: Delivery, index: number): string {
  const later = attempts[index + 1];
  const at = attempts[index]?.at ?? 0;
  if (later) return `tried again ${seconds(later.at - at)} later`;
  switch (state) {
    case 'owed':
      return 'to be tried again';
    case 'given-up':
      return 'given up';
    case 'dead-lettered':
      return 'given up and written to the dead letter';
    case 'delivered':
      return '';
  }
}

/** The answer's body or the socket's complaint, on one line. */
function why(attempt: DeliveryAttempt): string {
  const detail = attempt.detail.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return detail.length > 160 ? `${detail.slice(0, 157)}…` : detail;
}

export function readDelivery(delivery: Delivery, names: Names): ReadDelivery {
  const { entry, state } = delivery;
  const event = readEvent(entry.event);
  const to = receiver(entry.to, event, names);
  const name = event.sequence === undefined ? event.type : `${event.type} (sequence ${event.sequence})`;
  const pending = state === 'owed' && delivery.attempts.length === 0 ? ', not tried yet' : '';
  return {
    delivery,
    event,
    owed: {
      kind: 'event',
      from: 'ringback',
      to: to.lifeline,
      text: `${name} is owed to ${to.place}${pending}`,
      ...(event.row === undefined ? {} : { row: event.row }),
      detail: { event: event.type, id: entry.id, order: entry.order, state },
    },
    attempts: delivery.attempts.map((attempt, index) => {
      const good = accepted(attempt);
      const status = attempt.status === undefined ? 'no answer' : `${attempt.status}`;
      const what = `${name} to ${to.place}: ${status} after ${attempt.durationMs} ms`;
      const failure = [why(attempt), next(delivery, index)].filter((part) => part !== '').join('; ');
      return {
        attempt,
        good,
        line: {
          kind: 'delivery',
          from: 'ringback',
          to: to.lifeline,
          text: good || failure === '' ? what : `${what} (${failure})`,
          detail: {
            event: event.type,
            id: entry.id,
            attempt: index + 1,
            durationMs: attempt.durationMs,
            failed: !good,
            ...(attempt.status === undefined ? {} : { status: attempt.status }),
          },
        },
      };
    }),
  };
}

/** Attempts of one stream do not overtake each other; of two in one instant the earlier event is the earlier attempt. */
export function attemptsInOrder(deliveries: readonly ReadDelivery[]): readonly {
  readonly at: Instant;
  readonly line: Line;
  readonly good: boolean;
  readonly of: ReadDelivery;
}[] {
  return deliveries
    .flatMap((of) => of.attempts.map(({ attempt, line, good }) => ({ at: attempt.at, line, good, of })))
    .sort((a, b) => a.at - b.at || a.of.delivery.entry.order - b.of.delivery.entry.order);
}
