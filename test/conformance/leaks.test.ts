/** Nothing is left of a call that is over and forgotten: no timer, socket, file, child or memory. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Left } from '../peers/leak-probe.ts';

const probe = join(import.meta.dirname, '../peers/leak-probe.ts');
const allowedBytes = 1_000_000;

let found: readonly Left[];
before(async () => {
  const run = promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', probe], {
    timeout: 120_000,
  });
  found = (await run).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Left);
});

for (const kind of [
  'calls that connect and are hung up',
  'calls that a phone refuses',
  'creates that are refused',
  'inbound calls that are answered',
  'inbound calls that are rejected',
  'inbound calls to a number of nobody',
]) {
  test(`500 ${kind} leave nothing behind`, () => {
    const left = found.find((one) => one.kind === kind);
    assert.ok(left, `nothing was measured: ${JSON.stringify(found)}`);
    assert.equal(left.repetitions, 500);
    assert.deepEqual(left.after, left.before);
    assert.ok(left.grownBytes < allowedBytes, `${left.grownBytes} bytes are left`);
    const nothing = { ringback_calls_alive: 0, ringback_outbox_owed: 0, ringback_media_legs: 0 };
    assert.deepEqual(left.gauges, nothing);
    assert.equal(left.eventsLeft, 0);
  });
}
