import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../../../../scenarios/stage/wait.ts';
import type { RecordingEvent } from '../../../../domain/media/recording.ts';
import { FolderBlobs } from '../../../blobs/folder-blobs.ts';
import { Recorder } from './recorder.ts';

const fullDisk = '/dev/full';

/** Files of this process that are open on the full disk. */
async function openOnIt(): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((fd) =>
    readlink(join('/proc/self/fd', fd)).catch(() => 'closed meanwhile'),
  );
  return (await Promise.all(links)).filter((link) => link === fullDisk).length;
}

test('a recorder whose disk is full says so once and lets go of the file', {
  skip:
    existsSync(fullDisk) && existsSync('/proc/self/fd') ? false : 'there is no full disk to write to here',
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-recorder-'));
  t.after(() => rm(folder, { recursive: true }));
  const blobs = new FolderBlobs(folder);
  assert.deepEqual(await blobs.names(), []);
  await symlink(fullDisk, join(folder, 'full'));
  const told: RecordingEvent[] = [];
  const recorder = new Recorder({
    recordingId: 'one',
    name: 'full',
    blobs,
    channels: 'mixed',
    channelOf: [],
    participant: (legId) => legId,
    paused: false,
    tell: (event) => void told.push(event),
  });
  await until('the recorder has failed', async () =>
    told.length > 0 ? { is: true } : { notYet: 'it has said nothing' },
  );
  await recorder.stop();
  const [failed] = told;
  assert.equal(told.length, 1);
  assert.ok(failed?.now === 'failed', JSON.stringify(told));
  assert.match(failed.why, /ENOSPC/);
  await until('the file is closed', async () => {
    const count = await openOnIt();
    return count === 0 ? { is: true } : { notYet: `${count} are open` };
  });
});
