/** What far ends sound like: a frame of 20 ms of every voice that sends any. */
import { decodeG711, encodeG711, type G711, samplesPerFrame, silence } from '../../wire/rtp/g711.ts';
import { spokenWords } from './spoken-words.ts';

export type SpokenWord = keyof typeof spokenWords;

const toneHz = 425;
/** 17 periods of 425 Hz fill two frames exactly, so that the loop has no click. */
const tone = Int16Array.from(
  { length: 2 * samplesPerFrame },
  (_, index) => 8000 * Math.sin((2 * Math.PI * toneHz * index) / 8000),
);
/** From the answer to the word: whoever asked has begun to listen by then. */
const framesBefore = 75;
/** From one word to the next. */
const framesBetween = 150;

interface Loop {
  readonly PCMU: Uint8Array;
  readonly PCMA: Uint8Array;
}

const loop = (samples: Int16Array): Loop => ({
  PCMU: encodeG711('PCMU', samples),
  PCMA: encodeG711('PCMA', samples),
});

function saidAgainAndAgain(base64: string): Loop {
  const word = decodeG711('PCMU', Buffer.from(base64, 'base64'));
  const samples = new Int16Array((framesBefore + framesBetween) * samplesPerFrame);
  samples.set(word, framesBefore * samplesPerFrame);
  return loop(samples);
}

const loops: Readonly<Record<'tone' | SpokenWord, Loop>> = {
  tone: loop(tone),
  confirm: saidAgainAndAgain(spokenWords.confirm),
  cancel: saidAgainAndAgain(spokenWords.cancel),
};

const silent: Loop = {
  PCMU: new Uint8Array(samplesPerFrame).fill(silence.PCMU),
  PCMA: new Uint8Array(samplesPerFrame).fill(silence.PCMA),
};

/** `frame`: counted from when the voice began. */
export function voiceFrame(voice: 'silence' | 'tone' | SpokenWord, codec: G711, frame: number): Uint8Array {
  if (voice === 'silence') return silent[codec];
  const samples = loops[voice][codec];
  const start = (frame * samplesPerFrame) % samples.length;
  return samples.subarray(start, start + samplesPerFrame);
}
