/** A port that another program holds stops the start of the whole server. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServerProcess } from '../peers/server-process.ts';
import { Receiver } from './webhook-receiver.ts';

for (const flag of ['--http-port', '--https-port', '--sip-port']) {
  test(`a server whose port is taken names ${flag} and ends`, { timeout: 30_000 }, async (t) => {
    const data = mkdtempSync(join(tmpdir(), 'ringback-taken-'));
    t.after(() => rmSync(data, { recursive: true, force: true }));
    const holder = await Receiver.open();
    t.after(() => holder.close());
    const words = `ended before it was ready \\(1\\).*Port ${holder.port} is taken; ${flag} chooses`;
    await assert.rejects(startServerProcess({ data, flags: [flag, String(holder.port)] }), {
      message: new RegExp(words, 's'),
    });
  });
}
