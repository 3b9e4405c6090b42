/** Events to subscriptions that follow from no fact of a call: stored, then owed. */
import { gridSubject } from '../../domain/call/events.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory, Ids } from '../ports/directory.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Announce } from '../ports/recordings.ts';
import type { Store } from '../ports/store.ts';
import { announcements } from './entries.ts';

export interface AnnounceDependencies {
  readonly store: Pick<Store, 'post'>;
  readonly outbox: Outbox;
  readonly directory: Pick<Directory, 'subscribers'>;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'now'>;
}

export function createAnnounce({ store, outbox, directory, ids, clock }: AnnounceDependencies): Announce {
  return async ({ resourceId, callId, event }) => {
    const names = directory.subscribers(resourceId, event.type, gridSubject(event));
    const entries = announcements(event, names, { ids, callId, at: clock.now(), order: 0 });
    if (entries.length === 0) return;
    await store.post(entries);
    outbox.owe(entries);
  };
}
