/** Speaks what the synthesiser asks for, one job after the other. Run as a worker thread, never imported. */
import { parentPort, workerData } from 'node:worker_threads';
import { toSample } from '../../../wire/audio/frame.ts';
import { promptRate } from '../../../wire/wav/prompt.ts';
import { espeak } from './espeak.ts';
import { flite } from './flite.ts';
import type { SpokenPart, SynthesisAnswer, SynthesisJob, WorkerSettings } from './synthesis-jobs.ts';

const { folder, espeak: program } = workerData as WorkerSettings;

function spoken(part: SpokenPart): Int16Array {
  if (part.kind === 'pause') return new Int16Array(Math.round((part.ms * promptRate) / 1000));
  const { voice, text, rate, gain } = part;
  const samples =
    voice.engine === 'flite'
      ? flite(text, voice.voice, rate, folder)
      : espeak(text, voice.voice, rate, program);
  return gain === 1 ? samples : samples.map((sample) => toSample(sample * gain));
}

function joined(stretches: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(stretches.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const stretch of stretches) {
    all.set(stretch, at);
    at += stretch.length;
  }
  return all;
}

parentPort?.on('message', ({ id, parts }: SynthesisJob) => {
  const port = parentPort;
  if (!port) return;
  try {
    const samples = joined(parts.map(spoken));
    port.postMessage({ id, samples } satisfies SynthesisAnswer, [samples.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({
      id,
      why: error instanceof Error ? error.message : String(error),
    } satisfies SynthesisAnswer);
  }
});
