/**
 * When somebody began to speak and when they have finished, by the energy of what is heard: a pure state machine, fed
 * frame by frame. Time is what the frames last, never a clock.
 *
 * ```ts
 * let state = listening;
 * state = heard(state, levelOf(frame), 20, { initialSilenceMs: 5000, endSilenceMs: 2000, mostMs: 60_000 });
 * if (state.phase === 'finished') recognise(audio.slice(state.from, state.to)); // milliseconds
 * ```
 */
import { firstFloorDb, floorAfter, isVoice } from './level.ts';

export interface EndpointSettings {
  /** Without a voice for so long, there is none: `silent`. */
  readonly initialSilenceMs: number;
  /** A pause this long ends what was said: `finished`. */
  readonly endSilenceMs: number;
  /** Whoever speaks longer is `finished` all the same. */
  readonly mostMs: number;
}

interface Heard {
  /** Milliseconds heard in all. */
  readonly atMs: number;
  readonly floorDb: number;
  /** Milliseconds of voice and of its absence, up to now. */
  readonly voiceMs: number;
  readonly quietMs: number;
}

export type Endpointing =
  | (Heard & { readonly phase: 'waiting' })
  | (Heard & { readonly phase: 'speaking'; readonly from: number })
  | { readonly phase: 'silent' }
  /** `from` and `to` are milliseconds since the start; a little of what surrounds the voice is included. */
  | { readonly phase: 'finished'; readonly from: number; readonly to: number };

export const listening: Endpointing = {
  phase: 'waiting',
  atMs: 0,
  floorDb: firstFloorDb,
  voiceMs: 0,
  quietMs: 0,
};

/** A click is shorter, a spoken vowel longer. */
const onsetMs = 60;
/** A gap this long inside an onset makes the sound before it a click. */
const onsetGapMs = 60;
/** Soft consonants before the first vowel and after the last: kept for the recogniser. */
const surroundMs = 300;

/** The state after a frame of that level (`levelOf`) and length in milliseconds. */
export function heard(
  state: Endpointing,
  db: number,
  ms: number,
  { initialSilenceMs, endSilenceMs, mostMs }: EndpointSettings,
): Endpointing {
  if (state.phase === 'silent' || state.phase === 'finished') return state;
  const atMs = state.atMs + ms;
  const voiced = isVoice(db, state.floorDb);
  const floorDb = floorAfter(state.floorDb, db, ms);
  const quietMs = voiced ? 0 : state.quietMs + ms;
  if (state.phase === 'waiting') {
    const voiceMs = voiced ? state.voiceMs + ms : quietMs >= onsetGapMs ? 0 : state.voiceMs;
    if (voiceMs >= onsetMs) {
      const from = Math.max(0, atMs - voiceMs - onsetGapMs - surroundMs);
      return { phase: 'speaking', atMs, floorDb, voiceMs, quietMs, from };
    }
    if (atMs >= initialSilenceMs && voiceMs === 0) return { phase: 'silent' };
    return { phase: 'waiting', atMs, floorDb, voiceMs, quietMs };
  }
  const { from } = state;
  if (quietMs >= endSilenceMs) {
    return { phase: 'finished', from, to: atMs - quietMs + Math.min(quietMs, surroundMs) };
  }
  if (atMs - from >= mostMs) return { phase: 'finished', from, to: atMs };
  return { phase: 'speaking', atMs, floorDb, voiceMs: state.voiceMs + ms, quietMs, from };
}
