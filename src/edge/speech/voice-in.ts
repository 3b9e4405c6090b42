import { heard, listening } from '../../wire/audio/endpointing.ts';
import { busRate, frameMs, frameSamples } from '../../wire/audio/frame.ts';
import { levelOf } from '../../wire/audio/level.ts';

const never = Number.POSITIVE_INFINITY;
const endless = { initialSilenceMs: never, endSilenceMs: never, mostMs: never };
const surroundMs = 300;

/** What lies between the first voice in 16 kHz audio and the last, with a little silence around it; undefined: no voice. */
export function voiceIn(audio: Int16Array): Int16Array | undefined {
  let state = listening;
  for (let at = 0; at + frameSamples <= audio.length; at += frameSamples) {
    state = heard(state, levelOf(audio.subarray(at, at + frameSamples)), frameMs, endless);
  }
  if (state.phase !== 'speaking') return undefined;
  const to = state.atMs - Math.max(0, state.quietMs - surroundMs);
  return audio.slice((state.from * busRate) / 1000, (to * busRate) / 1000);
}

/** Longer recordings are recognised by nobody: REST providers take a minute, and so does the embedded one. */
export const longestMs = 60_000;

export const isTooLong = (audio: Int16Array): boolean => audio.length > (longestMs / 1000) * busRate;
