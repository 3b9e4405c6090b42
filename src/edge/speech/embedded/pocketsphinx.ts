/** pocketsphinx_batch of Debian's package pocketsphinx, one child process per search. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpeechFailure } from '../../../app/ports/speech.ts';
import { bytesOf } from '../../../wire/wav/wav.ts';
import { failed } from '../failed.ts';
import type { Grammar } from './grammar.ts';

/** Debian's package pocketsphinx-en-us. */
export const modelFolder = '/usr/share/pocketsphinx/model/en-us';

/** A stretch of the audio: a word, or a filler such as `<sil>`. */
export interface Segment {
  readonly word: string;
  /** In hundredths of a second. */
  readonly frames: number;
  /** How well it sounds like the audio, logarithmic; higher is better. Comparable between searches. */
  readonly score: number;
  /** 0 to 1, among what the language model lets be. */
  readonly posterior: number;
}

/** What to search in: a grammar, or everything the language model knows. */
export type Search = Grammar | 'anything';

const limitMs = 20_000;
const mostOutput = 4 * 2 ** 20;

/** The best path of each search through the audio (16 kHz), searched side by side. An empty path: none fits at all. */
export async function search(
  audio: Int16Array,
  searches: readonly Search[],
  program = 'pocketsphinx_batch',
): Promise<readonly (readonly Segment[])[] | SpeechFailure> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-hearing-'));
  const stop = new AbortController();
  try {
    await Promise.all([
      writeFile(join(folder, 'audio.raw'), bytesOf(audio)),
      writeFile(join(folder, 'list'), 'audio\n'),
    ]);
    const found = await Promise.all(
      searches.map(async (each, index) => {
        const result = await searchOne(folder, each, String(index), program, stop.signal);
        if ('because' in result) stop.abort();
        return result;
      }),
    );
    // A search that was stopped because another failed says nothing of its own.
    const failures = found.filter((each) => 'because' in each);
    const failure = failures.find(({ because }) => because !== 'connection') ?? failures[0];
    return failure ?? found.filter((each): each is readonly Segment[] => !('because' in each));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function searchOne(
  folder: string,
  what: Search,
  name: string,
  program: string,
  signal: AbortSignal,
): Promise<readonly Segment[] | SpeechFailure> {
  const file = (kind: string): string => join(folder, `${name}.${kind}`);
  const where = [];
  if (what === 'anything') {
    where.push('-lm', `${modelFolder}/en-us.lm.bin`, '-dict', `${modelFolder}/cmudict-en-us.dict`);
  } else {
    await Promise.all([writeFile(file('jsgf'), what.jsgf), writeFile(file('dict'), what.dictionary)]);
    where.push('-jsgf', file('jsgf'), '-dict', file('dict'), '-bestpath', 'no');
    // Scores of a frame are relative to the best sound considered: two searches compare only where both consider all.
    where.push('-compallsen', 'yes');
  }
  const args = [
    ...['-ctl', join(folder, 'list'), '-cepdir', folder, '-cepext', '.raw', '-adcin', 'yes'],
    ...['-hmm', `${modelFolder}/en-us`, ...where],
    ...['-backtrace', 'yes', '-hyp', file('hyp')],
  ];
  return new Promise((settle) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString('latin1')).slice(-mostOutput);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') settle(missing(program, 'pocketsphinx'));
      else settle(failed('connection', `${program} was stopped: ${error.message}.`));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (late) settle(failed('timeout', `${program} did not finish within ${limitMs / 1000} s.`));
      else if (code === 0) settle(segments(said));
      else {
        const why = /^(?:FATAL|ERROR).*$/m.exec(said)?.[0] ?? `it ended with code ${code}`;
        settle(failed('provider-error', `${program} failed: ${why}`));
      }
    });
  });
}

export const missing = (what: string, debianPackage: string): SpeechFailure =>
  failed('not-installed', `${what} is not there. Install the Debian package ${debianPackage}.`);

/** Lines of the backtrace: word, first and last frame, posterior, acoustic and language score, history. */
const backtrace = /^(\S+) +(\d+) +(\d+) +([\d.]+) +(-?\d+) +(-?\d+) +-?\d+ *$/gm;

const segments = (log: string): readonly Segment[] =>
  [...log.matchAll(backtrace)].map(([, word = '', start, end, posterior, score]) => ({
    word,
    frames: Number(end) - Number(start) + 1,
    score: Number(score),
    posterior: Number(posterior),
  }));
