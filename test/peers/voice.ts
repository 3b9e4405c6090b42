/** What a phone says and hears, as samples at 8 kHz. */
import { decodeG711, encodeG711 } from '../../src/wire/rtp/g711.ts';
import type { LinePhone } from './phone-line.ts';
import { narrow } from './sound.ts';

const frameSamples = 160;
const frameMs = 20;

export interface Speech {
  /** All was said. */
  readonly done: Promise<void>;
  stop(): void;
}

/** Says it in real time, once or again and again until it is stopped. PCMU. */
export function speak(
  { rtp, server }: LinePhone,
  samples: Int16Array,
  { again = false }: { readonly again?: boolean } = {},
): Speech {
  const bytes = encodeG711('PCMU', samples);
  const frames = Math.floor(bytes.length / frameSamples);
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const began = performance.now();
  let said = 0;
  const stop = (): void => {
    clearInterval(timer);
    resolve();
  };
  const timer = setInterval(() => {
    // Timers come late; packets do not.
    for (; said * frameMs <= performance.now() - began; said += 1) {
      if (!again && said === frames) return stop();
      const at = (said % frames) * frameSamples;
      rtp.say(server, { payload: bytes.subarray(at, at + frameSamples) });
    }
  }, frameMs);
  return { done, stop };
}

/** All that a phone heard, silence as well. */
export const heardBy = (phone: LinePhone): Int16Array => concat(frames(phone));

/** What sounded of it. */
export const soundsOf = (phone: LinePhone): Int16Array =>
  concat(frames(phone).filter((frame) => frame.some((sample) => Math.abs(sample) > 300)));

/** The last so many seconds of what it heard. */
export function lately(phone: LinePhone, seconds: number): Int16Array {
  const heard = heardBy(phone);
  return heard.subarray(Math.max(0, heard.length - Math.round(seconds * narrow)));
}

const frames = (phone: LinePhone): readonly Int16Array[] =>
  phone.payloads().map((payload) => decodeG711('PCMU', payload));

const concat = (parts: readonly Int16Array[]): Int16Array =>
  Int16Array.from(parts.flatMap((part) => [...part]));
