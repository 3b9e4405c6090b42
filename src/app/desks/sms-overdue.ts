/** Ends texts of which nothing more was heard in time. */
import type { Cancel, Clock, Quiet } from '../ports/clock.ts';
import type { SmsStore } from '../ports/sms-store.ts';
import type { SmsDesk } from './sms-desk.ts';

export interface OverdueParts {
  readonly desk: SmsDesk;
  readonly sms: Pick<SmsStore, 'overdue' | 'nextReportDue'>;
  readonly clock: Clock;
  readonly quiet: Quiet;
  /** Texts that ended may have stood before others. */
  readonly onEnded: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Ended in one turn. */
const atOnce = 200;
const retryMs = 60_000;

export class OverdueWatch {
  readonly #parts: OverdueParts;
  #alarm: { readonly at: number; readonly cancel: Cancel } | undefined;

  constructor(parts: OverdueParts) {
    this.#parts = parts;
  }

  start(): void {
    this.stop();
    try {
      const due = this.#parts.sms.nextReportDue();
      if (due !== undefined) this.expect(due);
    } catch (error) {
      this.#parts.onTrouble(error);
      this.expect(this.#parts.clock.now() + retryMs);
    }
  }

  stop(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  /** A text is given up at `due` at the latest. */
  expect(due: number): void {
    if (this.#alarm && this.#alarm.at <= due) return;
    this.#alarm?.cancel();
    const cancel = this.#parts.clock.at(due, 'time for delivery reports', () => {
      this.#alarm = undefined;
      const release = this.#parts.quiet.hold('texts without reports');
      this.#end()
        .catch(this.#parts.onTrouble)
        .finally(() => {
          release();
          this.start();
        });
    });
    this.#alarm = { at: due, cancel };
  }

  async #end(): Promise<void> {
    const { desk, sms, clock, onEnded } = this.#parts;
    for (;;) {
      const due = sms.overdue(clock.now(), atOnce);
      await Promise.all(due.map((messageId) => desk.accept(messageId, { input: 'tick' }).stored));
      if (due.length > 0) onEnded();
      if (due.length < atOnce) return;
    }
  }
}
