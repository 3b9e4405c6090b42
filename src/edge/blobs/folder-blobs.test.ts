import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FolderBlobs } from './folder-blobs.ts';

async function open(t: TestContext) {
  const above = await mkdtemp(join(tmpdir(), 'ringback-blobs-'));
  t.after(() => rm(above, { recursive: true }));
  const folder = join(above, 'blobs');
  return { above, folder, blobs: new FolderBlobs(folder) };
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const listed = (found: Uint8Array | undefined): readonly number[] | undefined => found && [...found];

test('a blob is put, read whole and in part, measured, named and removed', async (t) => {
  const { blobs } = await open(t);
  await blobs.put('one', bytes(1, 2, 3, 4, 5));
  assert.deepEqual(listed(await blobs.get('one')), [1, 2, 3, 4, 5]);
  assert.deepEqual(listed(await blobs.get('one', { from: 1, to: 3 })), [2, 3]);
  assert.deepEqual(listed(await blobs.get('one', { from: 3, to: 100 })), [4, 5]);
  assert.deepEqual(listed(await blobs.get('one', { from: 9, to: 100 })), []);
  assert.deepEqual(listed(await blobs.get('one', { from: 3, to: 1 })), []);
  assert.equal(await blobs.size('one'), 5);
  await blobs.put('one', bytes(6));
  assert.deepEqual(listed(await blobs.get('one')), [6]);
  assert.deepEqual(await blobs.names(), ['one']);
  await blobs.remove('one');
  await blobs.remove('one');
  assert.deepEqual(await blobs.names(), []);
});

test('of what is not there, nothing is read', async (t) => {
  const { blobs } = await open(t);
  assert.equal(await blobs.get('none'), undefined);
  assert.equal(await blobs.get('none', { from: 0, to: 1 }), undefined);
  assert.equal(await blobs.size('none'), undefined);
  assert.deepEqual(await blobs.names(), []);
});

test('a blob grows by pieces and can be read as far as it has come', async (t) => {
  const { blobs } = await open(t);
  const growing = await blobs.grow('one');
  await growing.write(0, bytes(0, 0, 3));
  await growing.write(3, bytes(4));
  assert.deepEqual(listed(await blobs.get('one')), [0, 0, 3, 4]);
  await growing.write(0, bytes(1, 2));
  await growing.close();
  assert.deepEqual(listed(await blobs.get('one')), [1, 2, 3, 4]);
  await (await blobs.grow('one')).close();
  assert.equal(await blobs.size('one'), 0);
});

test('nobody reads half of what is put, nor sees it under another name', async (t) => {
  const { blobs, folder } = await open(t);
  const [one, other] = [new Uint8Array(4_000_000).fill(1), new Uint8Array(4_000_000).fill(2)];
  await blobs.put('one', one);
  const writing = Promise.all([blobs.put('one', other), blobs.put('one', other)]);
  for (let n = 0; n < 20; n++) {
    const found = await blobs.get('one');
    assert.equal(found?.length, 4_000_000);
    assert.equal(found[0], found[3_999_999]);
    assert.deepEqual(await blobs.names(), ['one']);
  }
  await writing;
  assert.deepEqual(await readdir(folder), ['one']);
});

test('no name leads out of the folder, or to what is being written', async (t) => {
  const { above, blobs } = await open(t);
  await writeFile(join(above, 'secret'), 'x');
  for (const name of [
    '',
    '.',
    '..',
    '../secret',
    '/etc/passwd',
    'a/b',
    'a\\b',
    '.hidden',
    'a\0b',
    'a'.repeat(300),
  ]) {
    await assert.rejects(blobs.get(name), /is no name of a blob/, JSON.stringify(name));
    await assert.rejects(blobs.put(name, bytes(1)), /is no name of a blob/);
    await assert.rejects(blobs.grow(name), /is no name of a blob/);
    await assert.rejects(blobs.remove(name), /is no name of a blob/);
  }
  assert.deepEqual((await readdir(above)).sort(), ['blobs', 'secret']);
});

test('what is in it can be read by its owner alone', { skip: process.platform === 'win32' }, async (t) => {
  const { folder, blobs } = await open(t);
  await blobs.put('one', bytes(1));
  await (await blobs.grow('two')).close();
  for (const [path, mode] of [
    [folder, 0o700],
    [join(folder, 'one'), 0o600],
    [join(folder, 'two'), 0o600],
  ] as const)
    assert.equal((await stat(path)).mode & 0o777, mode, path);
});

test('a folder that cannot be made is told to whoever writes first', async (t) => {
  const { above } = await open(t);
  await writeFile(join(above, 'file'), 'x');
  const blobs = new FolderBlobs(join(above, 'file', 'blobs'));
  await assert.rejects(blobs.put('one', bytes(1)), { code: 'ENOTDIR' });
  await assert.rejects(blobs.names(), { code: 'ENOTDIR' });
});
