/** What the simulated SMSC has for its clients: kept while nobody is bound, so many without an answer at a time. */
import type { Reply, SmppLink } from '../../edge/smpp/link.ts';
import type { PduFields } from '../../edge/smpp/pdu.ts';
import type { CarrierQuiet } from '../carrier/world.ts';

interface Waiting {
  readonly fields: PduFields;
  readonly done: (reply: Reply) => void;
}

const window = 64;
const mostWaiting = 20_000;

export class Outgoing {
  readonly #waiting: Waiting[] = [];
  readonly #receiver: () => SmppLink | undefined;
  readonly #quiet: CarrierQuiet;
  #inFlight = 0;

  /** `receiver`: who takes deliveries now. */
  constructor(receiver: () => SmppLink | undefined, quiet: CarrierQuiet) {
    this.#receiver = receiver;
    this.#quiet = quiet;
  }

  /** `done` is told what came of it, once. */
  deliver(fields: PduFields, done: (reply: Reply) => void): void {
    if (this.#waiting.length >= mostWaiting) {
      done({ kind: 'closed', why: `${mostWaiting} deliveries wait for a bind` });
      return;
    }
    this.#waiting.push({ fields, done });
    this.pump();
  }

  /** Somebody is bound. */
  pump(): void {
    while (this.#inFlight < window) {
      const link = this.#receiver();
      if (!link) return;
      const next = this.#waiting.shift();
      if (!next) return;
      this.#inFlight += 1;
      const release = this.#quiet.hold('a delivery of the simulated SMSC');
      link.ask('deliver_sm', next.fields, (reply) => {
        this.#inFlight -= 1;
        next.done(reply);
        this.pump();
        release();
      });
    }
  }

  /** Nothing more is delivered. */
  clear(why: string): void {
    for (const { done } of this.#waiting.splice(0)) done({ kind: 'closed', why });
  }
}
