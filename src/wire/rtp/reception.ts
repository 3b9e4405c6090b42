/** What one sender's packets tell about the way they came, RFC 3550 6.4.1 and A.3, A.8. */
export interface Reception {
  readonly ssrc: number;
  readonly received: number;
  /** Sequence of the first packet and, extended beyond 16 bits, of the highest since. */
  readonly first: number;
  readonly highest: number;
  /** Of the sequence runs before this one. */
  readonly lostBefore: number;
  readonly receivedBefore: number;
  /** In timestamp units, smoothed. */
  readonly jitter: number;
  readonly transit: number;
}

const clockRate = 8000;
/** RFC 3550 A.1: a larger step is a sender that started over. */
const largestStep = 3000;

/** The reception after a packet that arrived at `at` (milliseconds of a steady clock). */
export const receive = (
  before: Reception | undefined,
  packet: { readonly ssrc: number; readonly sequence: number; readonly timestamp: number },
  at: number,
): Reception => {
  const transit = (at * clockRate) / 1000 - packet.timestamp;
  const { ssrc, sequence } = packet;
  const step = before === undefined ? 0 : ((sequence - before.highest) << 16) >> 16;
  if (before === undefined || before.ssrc !== ssrc || Math.abs(step) > largestStep) {
    return {
      ssrc,
      received: 1,
      first: sequence,
      highest: sequence,
      lostBefore: before === undefined ? 0 : lost(before),
      receivedBefore: before === undefined ? 0 : before.receivedBefore + before.received,
      jitter: before?.jitter ?? 0,
      transit,
    };
  }
  const variation = Math.abs(transit - before.transit);
  // A jump of a second and more is a new timeline (hold, a key press), not jitter.
  const jitter = variation > clockRate ? before.jitter : before.jitter + (variation - before.jitter) / 16;
  return {
    ...before,
    received: before.received + 1,
    highest: Math.max(before.highest, before.highest + step),
    jitter,
    transit,
  };
};

/** Packets that the sequence numbers say were sent and that never came. */
export const lost = (reception: Reception): number =>
  reception.lostBefore + Math.max(0, reception.highest - reception.first + 1 - reception.received);

export const receivedInAll = (reception: Reception): number => reception.receivedBefore + reception.received;

export const jitterMs = (reception: Reception): number => (reception.jitter * 1000) / clockRate;
