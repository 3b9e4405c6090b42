/** Telephone events, RFC 4733 2.3: a key pressed, as four bytes in an RTP payload. */
export interface TelephoneEvent {
  readonly event: number;
  /** Set in the last packets of an event. */
  readonly end: boolean;
  /** Power below 0 dBm0, 0 to 63. */
  readonly volume: number;
  /** Since the packet's timestamp, in its units. */
  readonly duration: number;
}

/** The sixteen keys in order of their event number, RFC 4733 3.2. */
export const keys = '0123456789*#ABCD';

export const telephoneEventClock = 8000;

export const parseTelephoneEvent = (payload: Uint8Array): TelephoneEvent | undefined => {
  if (payload.length < 4) return undefined;
  const event = payload[0]!;
  // Flash and the line signals above it are no keys.
  if (event >= keys.length) return undefined;
  return {
    event,
    end: (payload[1]! & 0x80) !== 0,
    volume: payload[1]! & 0x3f,
    duration: (payload[2]! << 8) | payload[3]!,
  };
};

export const serialiseTelephoneEvent = (event: TelephoneEvent): Uint8Array =>
  Uint8Array.of(
    event.event,
    (event.end ? 0x80 : 0) | (event.volume & 0x3f),
    (event.duration >> 8) & 0xff,
    event.duration & 0xff,
  );
