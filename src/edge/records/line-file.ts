import { appendFile } from 'node:fs/promises';

export interface LineFileOptions {
  readonly file: string;
  /** More than this waiting (the disk is stuck) drops new lines. */
  readonly mostBytes?: number;
  readonly onTrouble?: (error: unknown) => void;
}

/** Lines are collected for so long, then written together. */
const collectMs = 100;

/** Lines appended behind the writer's back: in order, many at a time, so that no call waits for a disk. */
export class LineFile {
  readonly #file: string;
  readonly #mostBytes: number;
  readonly #onTrouble: (error: unknown) => void;
  #waiting = '';
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ file, mostBytes = 8 << 20, onTrouble = () => {} }: LineFileOptions) {
    this.#file = file;
    this.#mostBytes = mostBytes;
    this.#onTrouble = onTrouble;
  }

  add(line: string): void {
    if (this.#waiting.length + line.length > this.#mostBytes) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += `${line}\n`;
    this.#timer ??= setTimeout(() => this.#write(), collectMs);
  }

  /** Resolves once everything added is written. */
  close(): Promise<void> {
    this.#write();
    return this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(async () => {
      const [text, dropped] = [this.#waiting, this.#dropped];
      if (text === '') return;
      this.#waiting = '';
      this.#dropped = 0;
      try {
        await appendFile(this.#file, text);
        if (dropped > 0) throw new Error(`${dropped} lines were dropped: the disk did not keep up`);
      } catch (error) {
        this.#onTrouble(error);
      }
    });
  }
}
