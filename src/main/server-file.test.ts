import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ReadyLine, refuseSecondServer, removeServerFile, writeServerFile } from './server-file.ts';

test('a directory that a server serves is refused; one whose server was killed is not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
  const other = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const httpEndpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  const line = { event: 'ready', endpoint: 'https://localhost:8443/', httpEndpoint, pid: 1 } as ReadyLine;
  writeServerFile(directory, line);
  await assert.rejects(refuseSecondServer(directory), /https:\/\/localhost:8443\/.*--data/s);
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  // Process 1 lives, and is no server of ours.
  await refuseSecondServer(directory);
  removeServerFile(directory);
  await refuseSecondServer(directory);
  rmSync(directory, { recursive: true });
});
