/** Nothing is left of a call that is over and forgotten, or of a device that has gone: no timer, socket, file, child or memory. */
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
    timeout: 240_000,
  });
  found = (await run).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Left);
});

for (const [times, kind] of [
  [500, 'calls that connect and are hung up'],
  [100, 'calls with prompts, keys and a recording'],
  [500, 'calls that a phone refuses'],
  [500, 'creates that are refused'],
  [500, 'inbound calls that are answered'],
  [500, 'inbound calls that are rejected'],
  [500, 'inbound calls to a number of nobody'],
  [500, 'devices that hear a message and go'],
] as const) {
  test(`${times} ${kind} leave nothing behind`, () => {
    const left = found.find((one) => one.kind === kind);
    assert.ok(left, `nothing was measured: ${JSON.stringify(found)}`);
    assert.equal(left.repetitions, times);
    assert.deepEqual(left.after, left.before);
    assert.ok(left.grownBytes < allowedBytes, `${left.grownBytes} bytes are left`);
    const nothing = { ringback_calls_alive: 0, ringback_outbox_owed: 0, ringback_media_legs: 0 };
    assert.deepEqual(left.gauges, nothing);
    assert.equal(left.eventsLeft, 0);
    assert.equal(left.abandonedFiles, 0);
  });
}
