/** What the simulated carrier is given by the process it lives in. */
import type { RtpLines } from './rtp-lines.ts';

/** Ringback's clock, as far as the carrier needs it. */
export interface CarrierClock {
  now(): number;
  at(due: number, name: string, fire: () => void): () => void;
}

/** Keeps a manual clock from moving on while the carrier is about to do something. */
export interface CarrierQuiet {
  hold(what: string): () => void;
}

/** Wall milliseconds; none is a duration that anybody waits for on purpose. */
export interface CarrierPace {
  /** From ringing to the answer or the refusal. */
  readonly ring: number;
  /** From the answer to the first key. */
  readonly keys: number;
}

export interface CarrierWorld {
  readonly clock: CarrierClock;
  readonly quiet: CarrierQuiet;
  readonly pace: CarrierPace;
  readonly lines: RtpLines;
  /** RTP is sent from here. */
  readonly address: string;
  /** For the `o=` line of SDP. */
  readonly nextSessionId: () => number;
}

/** Does something after a moment of wall time during which the process counts as busy. */
export const soon = (world: CarrierWorld, ms: number, what: string, act: () => void): (() => void) => {
  const release = world.quiet.hold(what);
  let pending = true;
  const end = (): void => {
    if (!pending) return;
    pending = false;
    clearTimeout(timer);
    release();
  };
  const timer = setTimeout(() => {
    try {
      act();
    } finally {
      end();
    }
  }, ms);
  return end;
};
