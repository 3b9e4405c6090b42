/** For tests: blobs in a folder of their own, removed with the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { bytesOf } from '../../../../wire/wav/wav.ts';
import { FolderBlobs } from '../../../blobs/folder-blobs.ts';

export async function openBlobs(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-blobs-'));
  t.after(() => rm(folder, { recursive: true }));
  const blobs = new FolderBlobs(folder);
  return {
    blobs,
    folder,
    /** A prompt at 16 kHz. */
    prompt: async (name: string, samples: Int16Array): Promise<string> => {
      await blobs.put(name, bytesOf(samples));
      return name;
    },
  };
}
