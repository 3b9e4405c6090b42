import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** What it prints. */
async function runs(name: string, operand: string, ringback: Ringback): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [example(name), operand], {
    env: {
      ...process.env,
      RINGBACK_CONNECTION_STRING: ringback.connectionString,
      NODE_EXTRA_CA_CERTS: ringback.caFile,
    },
  });
  return stdout;
}

test("the README's first call prints the code of a busy number, and how to ask why", async (t) => {
  const ringback = await startRingback();
  t.after(() => ringback.stop());
  const stdout = await runs('first-call.mjs', '+15005554860', ringback);
  assert.match(stdout, /^CreateCallFailed +486\/560486 /m);
  assert.match(stdout, /^CallDisconnected +486\/560486 /m);
  assert.match(stdout, /^Why: npx ringback call \S+$/m);
});

test("the README's first text is accepted, and its story tells that the handset could not be reached", async (t) => {
  const ringback = await startRingback();
  t.after(() => ringback.stop());
  const stdout = await runs('first-text.mjs', '+15005640060', ringback);
  const [, id = ''] = /^What became of it: npx ringback explain (\S+)$/m.exec(stdout) ?? [];
  const story = await until('the text to end', async () => {
    const told = JSON.stringify(
      await signedRequest(ringback.server.ready, 'GET', `messages/${id}`, undefined),
    );
    return told.includes('sms/4006') ? { is: told } : { notYet: told };
  });
  assert.match(story, /"Outgoing_/);
});
