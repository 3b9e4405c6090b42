import { keys, parseTelephoneEvent, telephoneEventClock } from './telephone-event.ts';

/** A key pressed and released. */
export interface HeardTone {
  readonly tone: string;
  readonly durationMs: number;
}

interface Press {
  readonly event: number;
  /** RTP timestamp of the segment being received. */
  readonly timestamp: number;
  readonly duration: number;
  /** Of the segments before this one. */
  readonly before: number;
  readonly updatedAt: number;
}

/** What a receiver remembers between packets of telephone events. */
export interface ToneReader {
  readonly press?: Press;
  /** RTP timestamp of the last event that was reported. */
  readonly reported?: number;
}

export interface ToneReading {
  readonly reader: ToneReader;
  readonly tones: readonly HeardTone[];
}

export const toneReader: ToneReader = {};

const nothing: readonly HeardTone[] = [];
const longestSegment = 0xffff;
/** RFC 4733 2.5.2.2 leaves it to the receiver when to give up on an event whose end was lost; packets come every 20 to 50 ms. */
const lostEndMs = 200;
/** A packet this far behind is late; farther, the sender began a new timeline. */
const lateWindow = 5 * telephoneEventClock;

const isBehind = (timestamp: number, reference: number): boolean =>
  timestamp !== reference && (reference - timestamp) >>> 0 < lateWindow;

const toneOf = (press: Press): HeardTone => ({
  tone: keys[press.event]!,
  durationMs: Math.round(((press.before + press.duration) * 1000) / telephoneEventClock),
});

/** Reads one packet of telephone events that came at `at` (milliseconds): each key is told once, when it is released. */
export const readTone = (
  reader: ToneReader,
  packet: { readonly timestamp: number; readonly payload: Uint8Array },
  at: number,
): ToneReading => {
  const heard = parseTelephoneEvent(packet.payload);
  if (heard === undefined) return { reader, tones: nothing };
  const { timestamp } = packet;
  const { press, reported } = reader;
  // RFC 4733 2.5.1.4: the last packet is sent three times; the copies carry the same timestamp.
  if (reported !== undefined && (timestamp === reported || isBehind(timestamp, reported))) {
    return { reader, tones: nothing };
  }
  if (press !== undefined && isBehind(timestamp, press.timestamp)) return { reader, tones: nothing };

  const same = press !== undefined && press.timestamp === timestamp;
  // RFC 4733 2.5.1.3: a press longer than the duration field goes on in a new segment, which starts where this one ends.
  const next =
    press !== undefined &&
    press.event === heard.event &&
    press.duration === longestSegment &&
    timestamp === (press.timestamp + longestSegment) >>> 0;
  const before = same ? press.before : next ? press.before + press.duration : 0;
  const duration = same ? Math.max(press.duration, heard.duration) : heard.duration;
  const current = { event: heard.event, timestamp, duration, before, updatedAt: at };
  const tones = press !== undefined && !same && !next ? [toneOf(press)] : nothing;
  return heard.end
    ? { reader: { reported: timestamp }, tones: [...tones, toneOf(current)] }
    : { reader: { ...reader, press: current }, tones };
};

/** Tells the key whose end packets were lost, once nothing more has come of it for a while. */
export const expireTone = (reader: ToneReader, at: number): ToneReading => {
  const { press } = reader;
  if (press === undefined || at - press.updatedAt < lostEndMs) return { reader, tones: nothing };
  return { reader: { reported: press.timestamp }, tones: [toneOf(press)] };
};
