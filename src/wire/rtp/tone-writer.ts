import { keys, serialiseTelephoneEvent, telephoneEventClock } from './telephone-event.ts';

/** One packet of a key press: all of them carry the RTP timestamp of the first. */
export interface TonePacket {
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

const frameMs = 20;
const volume = 10;

/**
 * The packets of one key press, to be sent one per 20 ms: RFC 4733 2.5.1.2, with the end packet three times.
 * Empty when `tone` is no key.
 */
export const tonePackets = (tone: string, durationMs = 100): readonly TonePacket[] => {
  const event = tone.length === 1 ? keys.indexOf(tone) : -1;
  if (event < 0) return [];
  const frames = Math.max(1, Math.round(durationMs / frameMs));
  const perFrame = (telephoneEventClock * frameMs) / 1000;
  const packet = (frame: number, end: boolean): TonePacket => ({
    marker: frame === 1 && !end,
    payload: serialiseTelephoneEvent({ event, end, volume, duration: Math.min(frame * perFrame, 0xffff) }),
  });
  const pressed = Array.from({ length: frames }, (_, index) => packet(index + 1, false));
  return [...pressed, packet(frames, true), packet(frames, true), packet(frames, true)];
};
