import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ReadyLine, refuseSecondServer, removeServerFile, writeServerFile } from './server-file.ts';

test('a directory that a living process serves is refused, one that a dead process served is not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const line = { event: 'ready', endpoint: 'https://localhost:8443/', pid: other.pid } as ReadyLine;
  writeServerFile(directory, line);
  assert.throws(() => refuseSecondServer(directory), /https:\/\/localhost:8443\/.*--data/s);
  const gone = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await gone;
  refuseSecondServer(directory);
  removeServerFile(directory);
  refuseSecondServer(directory);
  rmSync(directory, { recursive: true });
});
