import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { LineFile } from './line-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringback-lines-'));
after(() => rmSync(directory, { recursive: true }));

let day = Date.UTC(2026, 0, 31, 12);
const now = (): number => day;

describe('a file of lines', () => {
  test('has every line in order once it is closed, behind what it had', async () => {
    const file = join(directory, 'order-2026-01-31.jsonl');
    const first = new LineFile({ directory, name: 'order', now });
    first.add('one');
    await first.close();
    const second = new LineFile({ directory, name: 'order', now });
    second.add('two');
    const closing = second.close();
    second.add('three');
    await closing;
    await second.close();
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
  });

  test('drops what a stuck disk leaves no room for, and says how much', async () => {
    const troubles: string[] = [];
    const file = join(directory, 'full-2026-01-31.jsonl');
    const lines = new LineFile({
      directory,
      name: 'full',
      now,
      mostBytes: 8,
      onTrouble: (error) => troubles.push(String(error)),
    });
    for (const line of ['first', 'second', 'third']) lines.add(line);
    await lines.close();
    assert.equal(readFileSync(file, 'utf8'), 'first\n');
    assert.match(troubles.join(), /2 lines were dropped/);
  });

  test('a file that cannot be written is reported, and the writer goes on', async () => {
    const troubles: unknown[] = [];
    writeFileSync(join(directory, 'no-directory'), '');
    const lines = new LineFile({
      directory: join(directory, 'no-directory'),
      name: 'x',
      now,
      onTrouble: (error) => troubles.push(error),
    });
    lines.add('lost');
    await lines.close();
    assert.equal(troubles.length, 1);
  });

  test('is a new one each day, and days past their retention are removed', async () => {
    const kept = join(directory, 'days');
    const lines = new LineFile({ directory: kept, name: 'calls', now });
    for (const date of [30, 31, 32]) {
      day = Date.UTC(2026, 0, date);
      lines.add(String(date));
      await lines.close();
    }
    await lines.prune(Date.UTC(2026, 0, 31, 23));
    assert.deepEqual(readdirSync(kept), ['calls-2026-01-31.jsonl', 'calls-2026-02-01.jsonl']);
  });
});
