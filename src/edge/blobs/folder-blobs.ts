/** Blobs as the files of one folder. Several processes may share it. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs, GrowingBlob } from '../../app/ports/blobs.ts';

/** Names are made by this server, and are still not to lead out of the folder. */
const nameLike = /^[\w-][\w.-]{0,250}$/;
const partial = '.part';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export class FolderBlobs implements Blobs {
  readonly #folder: string;
  readonly #made: Promise<unknown>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#made = mkdir(folder, { recursive: true, mode: 0o700 });
    // Whoever writes first sees the failure.
    this.#made.catch(() => {});
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const path = await this.#path(name);
    // Under another name first: nobody reads half of it.
    const unfinished = `${path}.${randomUUID()}${partial}`;
    await writeFile(unfinished, bytes, { mode: 0o600 });
    await rename(unfinished, path);
  }

  async get(
    name: string,
    range?: { readonly from: number; readonly to: number },
  ): Promise<Uint8Array | undefined> {
    const file = await unlessMissing(open(await this.#path(name), 'r'));
    if (!file) return undefined;
    try {
      if (!range) return await file.readFile();
      const bytes = new Uint8Array(Math.max(0, range.to - range.from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, range.from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async size(name: string): Promise<number | undefined> {
    return (await unlessMissing(stat(await this.#path(name))))?.size;
  }

  async grow(name: string): Promise<GrowingBlob> {
    const file = await open(await this.#path(name), 'w', 0o600);
    return {
      write: async (at, bytes) => {
        await file.write(bytes, 0, bytes.length, at);
      },
      close: () => file.close(),
    };
  }

  async remove(name: string): Promise<void> {
    await rm(await this.#path(name), { force: true });
  }

  async names(): Promise<readonly string[]> {
    await this.#made;
    return (await readdir(this.#folder)).filter((name) => !name.endsWith(partial));
  }

  async #path(name: string): Promise<string> {
    if (!nameLike.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a blob`);
    await this.#made;
    return join(this.#folder, name);
  }
}
