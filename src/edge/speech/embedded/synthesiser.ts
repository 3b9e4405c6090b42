/** The worker thread that speaks, as seen from outside: started when first needed, replaced when it hangs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SpeechFailure } from '../../../app/ports/speech.ts';
import { failed } from '../failed.ts';
import type { SpokenPart, SynthesisAnswer, SynthesisJob, WorkerSettings } from './synthesis-jobs.ts';

/** flite speaks thirty times as fast as anybody listens; what takes this long hangs. */
const jobLimitMs = 30_000;
/** Each waits for those before it. */
const mostWaiting = 64;

interface Waiting {
  readonly job: SynthesisJob;
  readonly settle: (answer: Int16Array | SpeechFailure) => void;
}

export class Synthesiser {
  readonly #espeak: string;
  readonly #limitMs: number;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #folder: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor(espeak: string, limitMs = jobLimitMs) {
    this.#espeak = espeak;
    this.#limitMs = limitMs;
  }

  /** PCM at 16 kHz of all parts, one after the other. */
  speak(parts: readonly SpokenPart[]): Promise<Int16Array | SpeechFailure> {
    if (this.#closed) return Promise.resolve(failed('connection', 'The synthesiser is stopped.'));
    if (this.#waiting.length >= mostWaiting) {
      return Promise.resolve(
        failed(
          'throttled',
          `The synthesiser has ${mostWaiting} texts to speak already. Try again in a while.`,
        ),
      );
    }
    return new Promise((settle) => {
      this.#waiting.push({ job: { id: ++this.#lastId, parts }, settle });
      if (this.#waiting.length === 1) this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const left = this.#waiting.splice(0);
    for (const { settle } of left) settle(failed('connection', 'The synthesiser was stopped.'));
    await this.#end();
  }

  #next(): void {
    const first = this.#waiting[0];
    if (!first) {
      this.#worker?.unref();
      return;
    }
    const worker = this.#start();
    worker.ref();
    this.#timer = setTimeout(() => {
      void this.#end();
      this.#settle(failed('timeout', `The synthesiser did not finish within ${this.#limitMs / 1000} s.`));
    }, this.#limitMs);
    worker.postMessage(first.job);
  }

  #settle(answer: Int16Array | SpeechFailure): void {
    clearTimeout(this.#timer);
    this.#waiting.shift()?.settle(answer);
    this.#next();
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'ringback-speech-'));
    // `.ts` in a clone, `.js` in the published package.
    const worker = new Worker(new URL(`./synthesis-worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: { folder: this.#folder, espeak: this.#espeak } satisfies WorkerSettings,
      // node:wasi says that it is experimental, once for each worker.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#worker = worker;
    worker.on('message', (answer: SynthesisAnswer) => {
      if (this.#worker !== worker || answer.id !== this.#waiting[0]?.job.id) return;
      this.#settle('samples' in answer ? answer.samples : failed('provider-error', `${answer.why}.`));
    });
    const gone = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      if (this.#waiting.length > 0) this.#settle(failed('provider-error', `The synthesiser ended: ${why}.`));
    };
    worker.on('error', (error) => gone(error.message));
    worker.on('exit', (code) => gone(`code ${code}`));
    return worker;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    const folder = this.#folder;
    this.#worker = undefined;
    this.#folder = undefined;
    await worker?.terminate();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
