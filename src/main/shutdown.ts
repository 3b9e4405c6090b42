/** The ways in which a server ends: it drains, it stops, or it drops everything. */
import type { CallService } from '../app/desks/call-service.ts';
import { RealClock } from '../edge/clock/real-clock.ts';
import type { MediaHost } from '../edge/media/host.ts';
import type { Deliveries } from './deliveries.ts';
import type { Door } from './door.ts';
import type { Faults } from './faults.ts';
import type { Foundation } from './foundation.ts';
import type { MediaServices } from './media-services.ts';
import type { Realtime } from './realtime.ts';
import { removeServerFile } from './server-file.ts';
import type { OpenedSms } from './sms.ts';
import type { Telephony } from './telephony.ts';

export interface Running {
  readonly foundation: Foundation;
  readonly state: { draining: boolean };
  readonly faults: Faults;
  readonly calls: CallService;
  readonly deliveries: Deliveries;
  readonly door: Door;
  readonly realtime: Realtime;
  readonly sms: Pick<OpenedSms, 'stop'>;
  readonly telephony: Telephony;
  readonly media: MediaHost;
  readonly services: MediaServices;
}

export interface Shutdown {
  /** Refuses new calls; live ones may end by themselves for `drainTimeout`. */
  drain(): Promise<void>;
  /** Drains, ends what is left with its row, delivers what is owed, closes everything. */
  stop(): Promise<void>;
  /** Drops everything as it is, as `kill -9` would. */
  drop(): Promise<void>;
}

const lastDeliveriesMs = 3000;

export function shutdownOf(running: Running): Shutdown {
  const { state, faults, calls, deliveries, door, realtime, sms, telephony, media, services } = running;
  const { config, clock, directory, store, trouble, written } = running.foundation;
  const drain = async (): Promise<void> => {
    state.draining = true;
    const until = performance.now() + config.drainTimeout;
    while (calls.desk.calls.alive().length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const stop = async (): Promise<void> => {
    await drain();
    faults.mend();
    await calls.desk.stopping().catch(trouble('store'));
    // While the media processes can finish their files and the outbox can tell.
    await services.recordings.stop(lastDeliveriesMs);
    await telephony.stop();
    await sms.stop(lastDeliveriesMs);
    await deliveries.stop(lastDeliveriesMs);
    realtime.sessions.stop();
    await door.stop(lastDeliveriesMs);
    await media.stop();
    await services.stop(lastDeliveriesMs);
    if (clock instanceof RealClock) clock.stop();
    await Promise.all([store.close(), written.close()]);
    removeServerFile(directory);
  };
  let stopping: Promise<void> | undefined;
  return {
    drain,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
    drop: async () => {
      faults.mend();
      // The store first: nothing that follows may be written, as after `kill -9`.
      await store.close();
      await deliveries.stop(0);
      realtime.sessions.stop();
      await door.stop(0);
      await sms.stop(0);
      await telephony.stop(0);
      await media.stop();
      await services.stop(0);
      if (clock instanceof RealClock) clock.stop();
    },
  };
}
