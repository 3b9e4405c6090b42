import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRingback } from '../../src/testing.ts';

const example = fileURLToPath(new URL('../../examples/first-call.mjs', import.meta.url));

test("the README's first call prints the code of a busy number, and how to ask why", async (t) => {
  const ringback = await startRingback();
  t.after(() => ringback.stop());
  const { stdout } = await promisify(execFile)(process.execPath, [example, '+15005554860'], {
    env: {
      ...process.env,
      RINGBACK_CONNECTION_STRING: ringback.connectionString,
      NODE_EXTRA_CA_CERTS: ringback.caFile,
    },
  });
  assert.match(stdout, /^CreateCallFailed +486\/560486 /m);
  assert.match(stdout, /^CallDisconnected +486\/560486 /m);
  assert.match(stdout, /^Why: npx ringback call \S+$/m);
});
