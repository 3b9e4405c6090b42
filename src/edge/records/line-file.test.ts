import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { LineFile } from './line-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringback-lines-'));
after(() => rmSync(directory, { recursive: true }));

describe('a file of lines', () => {
  test('has every line in order once it is closed, behind what it had', async () => {
    const file = join(directory, 'order.jsonl');
    const first = new LineFile({ file });
    first.add('one');
    await first.close();
    const second = new LineFile({ file });
    second.add('two');
    const closing = second.close();
    second.add('three');
    await closing;
    await second.close();
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
  });

  test('drops what a stuck disk leaves no room for, and says how much', async () => {
    const troubles: string[] = [];
    const file = join(directory, 'full.jsonl');
    const lines = new LineFile({ file, mostBytes: 8, onTrouble: (error) => troubles.push(String(error)) });
    for (const line of ['first', 'second', 'third']) lines.add(line);
    await lines.close();
    assert.equal(readFileSync(file, 'utf8'), 'first\n');
    assert.match(troubles.join(), /2 lines were dropped/);
  });

  test('a file that cannot be written is reported, and the writer goes on', async () => {
    const troubles: unknown[] = [];
    const lines = new LineFile({
      file: join(directory, 'missing', 'x'),
      onTrouble: (error) => troubles.push(error),
    });
    lines.add('lost');
    await lines.close();
    assert.equal(troubles.length, 1);
  });
});
