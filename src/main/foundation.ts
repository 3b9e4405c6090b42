/** What every surface stands on: clock, store, records and counts, before anything listens. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ids } from '../app/ports/directory.ts';
import type { Config } from '../config/config.ts';
import { ManualClock } from '../edge/clock/manual-clock.ts';
import { QuietWatch } from '../edge/clock/quiet-watch.ts';
import { RealClock } from '../edge/clock/real-clock.ts';
import { type LineWriter, LogLines } from '../edge/records/log-lines.ts';
import { Metrics } from '../edge/records/metrics.ts';
import { NumberCounts } from '../edge/records/number-use.ts';
import { SlidingWindows } from '../edge/records/rate-windows.ts';
import { type OpenedStore, openStore } from '../edge/store/open-store.ts';
import { type OpenedRecords, openRecords } from './call-records.ts';
import { timeOrderedId } from './ids.ts';
import { refuseSecondServer } from './server-file.ts';

export interface Foundation {
  readonly config: Config;
  /** Directory of certificates, call logs and `server.json`. */
  readonly directory: string;
  readonly quiet: QuietWatch;
  readonly clock: ManualClock | RealClock;
  readonly log: LogLines;
  /** Logs what went wrong in this part. */
  readonly trouble: (part: string) => (error: unknown) => void;
  readonly store: OpenedStore;
  readonly metrics: Metrics;
  readonly written: OpenedRecords;
  readonly ids: Ids;
  readonly numberUse: NumberCounts;
  readonly rate: SlidingWindows;
}

/** Fails where another server uses the directory. */
export async function layFoundation(options: {
  readonly config: Config;
  readonly directory: string;
  readonly log?: LineWriter;
}): Promise<Foundation> {
  const { config, directory } = options;
  mkdirSync(directory, { recursive: true });
  await refuseSecondServer(directory);
  const quiet = new QuietWatch();
  const clock = config.clock === 'manual' ? new ManualClock(Date.now(), quiet) : new RealClock();
  const log = new LogLines(options.log);
  const trouble = (part: string) => (error: unknown) =>
    log.line('error', 'trouble', {
      part,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  const store = openStore({
    file: config.memory ? ':memory:' : join(directory, 'ringback.db'),
    durability: config.durability,
    hold: (what) => quiet.hold(what),
  });
  const metrics = new Metrics();
  return {
    config,
    directory,
    quiet,
    clock,
    log,
    trouble,
    store,
    metrics,
    written: openRecords({ config, directory, store, clock, log, metrics, trouble }),
    ids: { next: timeOrderedId },
    numberUse: new NumberCounts(),
    rate: new SlidingWindows(),
  };
}
