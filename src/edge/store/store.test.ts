import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { openStore } from './open-store.ts';
import { facts } from './samples.contract.ts';
import { storeContract } from './store.contract.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringback-store-'));
after(() => rmSync(directory, { recursive: true }));

let files = 0;
function newFile(): string {
  files += 1;
  return join(directory, `${files}`, 'ringback.db');
}

for (const durability of ['normal', 'full'] as const) {
  storeContract(`SQLite file, ${durability} durability`, (options) => {
    const open = { file: newFile(), durability, ...options };
    return { store: openStore(open), second: () => openStore(open) };
  });
}
storeContract('SQLite memory', (options) => ({ store: openStore({ file: ':memory:', ...options }) }));

describe('opening a store', () => {
  test('every opening is a new epoch, and finds what was stored', async () => {
    const file = newFile();
    const first = openStore({ file });
    await first.append(facts('a', 1));
    await first.close();
    const second = openStore({ file });
    assert.equal(second.epoch, first.epoch + 1);
    assert.equal(second.journal('a').length, 2);
    await second.close();
  });

  test('two stores in memory share nothing', async () => {
    const one = openStore({ file: ':memory:' });
    const two = openStore({ file: ':memory:' });
    await one.append(facts('a', 1));
    assert.deepEqual(two.journal('a'), []);
    await Promise.all([one.close(), two.close()]);
  });

  test('data of a newer Ringback is refused, with both versions and what to do', async () => {
    const file = newFile();
    await openStore({ file }).close();
    const db = new DatabaseSync(file);
    db.exec(`UPDATE meta SET value = '99' WHERE name = 'schema'`);
    db.close();
    assert.throws(() => openStore({ file }), {
      name: 'StoreFailed',
      message: /schema version 99.*versions up to 3\. .*--data/,
    });
  });

  test('data of an older Ringback is brought up to date, and nothing of it is lost', async () => {
    const file = newFile();
    const first = openStore({ file });
    await first.append(facts('a', 1));
    await first.close();
    const db = new DatabaseSync(file);
    // As version 1 left it: without tables for chat and texts.
    for (const { name } of db
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'chat%' OR name LIKE 'sms%')`,
      )
      .all())
      db.exec(`DROP TABLE ${String(name)}`);
    db.exec(`UPDATE meta SET value = '1' WHERE name = 'schema'`);
    db.close();
    const second = openStore({ file });
    assert.equal(second.journal('a').length, 2);
    assert.equal(second.chat.load('t').lastSeq, 0);
    assert.equal(second.sms.load('t').lastSeq, 0);
    await second.close();
  });

  test('a file that is no database is named', () => {
    const file = join(directory, 'not-a-database');
    writeFileSync(
      file,
      'something else altogether, and long enough to be read as a header of a database file',
    );
    assert.throws(() => openStore({ file }), {
      name: 'StoreFailed',
      message: /not-a-database.*file is not a database/,
    });
  });
});

test('nothing that was acknowledged is lost by kill -9', async () => {
  const file = newFile();
  const child = fork(join(import.meta.dirname, 'appending.peer.ts'), [file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const acknowledged = new Map<string, number>();
  let count = 0;
  child.on('message', ({ callId, seq }: { readonly callId: string; readonly seq: number }) => {
    acknowledged.set(callId, seq);
    count += 1;
    // Somewhere in the middle of a group, with more of them under way.
    if (count === 1501) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  const store = openStore({ file });
  for (const [callId, seq] of acknowledged) {
    const journal = store.journal(callId);
    assert.ok(journal.length >= seq, `${callId}: ${seq} acknowledged, ${journal.length} found`);
    assert.deepEqual(
      journal.map((row) => row.seq),
      journal.map((_, i) => i + 1),
    );
  }
  await store.close();
});
