/** How loud a frame is, and who of several speaks. */

/** Below this there is nothing: RFC 6464 counts no further either. */
export const silenceDb = -127;

/** Root mean square in dB relative to overload (dBov, RFC 6464): 0 is a full-scale square wave, -127 silence. */
export function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index]! * samples[index]!;
  if (sum === 0) return silenceDb;
  return Math.max(silenceDb, 10 * Math.log10(sum / samples.length / 32768 ** 2));
}

export interface Loudness {
  /** dBov of speech, rises at once and falls slowly, so that a pause between words changes nobody's rank. */
  readonly db: number;
  /** dBov of what is always there, falls at once and rises slowly. */
  readonly floorDb: number;
  /** Somebody speaks, or did a moment ago. */
  readonly speaks: boolean;
  /** Milliseconds since it was last loud. */
  readonly quietMs: number;
}

/** Of a line nobody has heard yet: a louder room is taken for a voice until it falls silent for a moment. */
export const firstFloorDb = -45;

export const quiet: Loudness = {
  db: silenceDb,
  floorDb: firstFloorDb,
  speaks: false,
  quietMs: Number.POSITIVE_INFINITY,
};

const fallsDbPerMs = 0.02;
const floorRisesDbPerMs = 0.005;
/** Nobody's voice on a telephone is softer. */
const softestVoiceDb = -50;
const aboveFloorDb = 9;
/** Longer than the pauses inside a sentence. */
const hangoverMs = 400;

/** Whether a frame of that level is voice, above a floor of that level. */
export const isVoice = (db: number, floorDb: number): boolean =>
  db > Math.max(softestVoiceDb, Math.min(floorDb, -30) + aboveFloorDb);

/** Below this a floor changes no decision, and would only take longer to rise. */
const lowestFloorDb = softestVoiceDb - aboveFloorDb;

/**
 * The noise floor after a frame of that level and length. Zeros are what stands for missing packets, and say nothing
 * about the line.
 */
export const floorAfter = (floorDb: number, db: number, ms: number): number => {
  if (db === silenceDb) return floorDb;
  return db < floorDb ? Math.max(db, lowestFloorDb) : Math.min(floorDb + floorRisesDbPerMs * ms, db);
};

/** The loudness after a frame of that level (`levelOf`) and length. */
export function loudnessAfter(before: Loudness, db: number, ms: number): Loudness {
  const floorDb = floorAfter(before.floorDb, db, ms);
  const quietMs = isVoice(db, floorDb) ? 0 : before.quietMs + ms;
  return {
    db: Math.max(db, before.db - fallsDbPerMs * ms, silenceDb),
    floorDb,
    speaks: quietMs < hangoverMs,
    quietMs,
  };
}

/** Whoever speaks already is displaced only by somebody clearly louder. */
const advantageDb = 6;

/**
 * Who is heard where there is room for a few only: at most `count` of those who speak, the loudest first. `current` are
 * those of the frame before.
 */
export function dominantSpeakers<Id>(
  loudness: ReadonlyMap<Id, Loudness>,
  count: number,
  current: readonly Id[],
): readonly Id[] {
  const rank = (id: Id): number =>
    (loudness.get(id)?.db ?? silenceDb) + (current.includes(id) ? advantageDb : 0);
  return [...loudness]
    .filter(([, { speaks }]) => speaks)
    .map(([id]) => id)
    .sort((one, other) => rank(other) - rank(one))
    .slice(0, count);
}
