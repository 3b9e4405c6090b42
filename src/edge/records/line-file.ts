import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../../domain/ids/instant.ts';

export interface LineFileOptions {
  readonly directory: string;
  /** Each day has a file of its own, `NAME-2026-01-31.jsonl` (UTC). */
  readonly name: string;
  readonly now: () => Instant;
  /** More than this waiting (the disk is stuck) drops new lines. */
  readonly mostBytes?: number;
  readonly onTrouble?: (error: unknown) => void;
}

/** Lines are collected for so long, then written together. */
const collectMs = 100;

/** `2026-01-31` */
const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** Lines appended behind the writer's back: in order, many at a time, so that no call waits for a disk. */
export class LineFile {
  readonly #directory: string;
  readonly #name: string;
  readonly #now: () => Instant;
  readonly #mostBytes: number;
  readonly #onTrouble: (error: unknown) => void;
  #waiting = '';
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ directory, name, now, mostBytes = 8 << 20, onTrouble = () => {} }: LineFileOptions) {
    this.#directory = directory;
    this.#name = name;
    this.#now = now;
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

  /** Removes the files of days that ended before `before`. */
  async prune(before: Instant): Promise<void> {
    const [prefix, oldest] = [`${this.#name}-`, dayOf(before)];
    const files = await readdir(this.#directory).catch((): string[] => []);
    const old = files.filter(
      (file) => file.startsWith(prefix) && file.slice(prefix.length, -'.jsonl'.length) < oldest,
    );
    await Promise.all(old.map((file) => rm(join(this.#directory, file), { force: true })));
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
        await mkdir(this.#directory, { recursive: true });
        await appendFile(join(this.#directory, `${this.#name}-${dayOf(this.#now())}.jsonl`), text);
        if (dropped > 0) throw new Error(`${dropped} lines were dropped: the disk did not keep up`);
      } catch (error) {
        this.#onTrouble(error);
      }
    });
  }
}
