/** Chat when the server dies, drains or has lost its store. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { startRingback } from '../../src/testing.ts';
import {
  all,
  type ChatServer,
  type Person,
  person,
  personWith,
  send,
  threadOf,
} from '../peers/chat-people.ts';
import { type ServerProcess, startServerProcess } from '../peers/server-process.ts';

const version = 'api-version=2025-03-15';

interface Kept {
  readonly id: string;
  readonly text: string;
}

/** Sends until the server is gone; what it acknowledged until then. */
async function sendForEver(
  server: ChatServer,
  who: Person,
  thread: string,
  acknowledged: Kept[],
): Promise<void> {
  const path = `/chat/threads/${encodeURIComponent(thread)}/messages?${version}`;
  for (let i = 0; ; i += 1) {
    const text = `${who.id} ${i}`;
    const answer = await send(server, who.token, 'POST', path, { content: text }).catch(() => undefined);
    if (!answer) return;
    assert.equal(answer.status, 201);
    acknowledged.push({ id: (answer.body as { id: string }).id, text });
  }
}

test('nothing that was acknowledged is lost by kill -9 in the middle of the load', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'ringback-chat-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  writeFileSync(join(data, 'ringback.yaml'), 'chat: { rates: none }\n');
  const start = (): Promise<ServerProcess> => startServerProcess({ data });
  const where = ({ ready, ca }: ServerProcess): ChatServer => ({ ...ready, ca });

  const first = await start();
  const people = await Promise.all([1, 2, 3, 4].map(() => person(where(first))));
  const alice = people[0]!;
  const threads = await Promise.all([threadOf(alice, people.slice(1)), threadOf(alice, people.slice(1))]);
  const acknowledged = threads.map((): Kept[] => []);
  const load = threads.flatMap((thread, i) =>
    people.map((who) => sendForEver(where(first), who, thread, acknowledged[i]!)),
  );
  await until('150 messages in each thread', async () => {
    const counts = acknowledged.map((kept) => kept.length);
    return counts.every((count) => count >= 150) ? { is: undefined } : { notYet: counts.join(' and ') };
  });
  first.signal('SIGKILL');
  assert.equal((await first.exited).signal, 'SIGKILL');
  await Promise.all(load);

  await using second = await start();
  const again = personWith(where(second), alice.id, alice.token);
  for (const [i, thread] of threads.entries()) {
    const stored = await all(again.in(thread).listMessages());
    const texts = new Map(stored.map((message) => [message.id, message.content?.message]));
    for (const { id, text } of acknowledged[i]!)
      assert.equal(texts.get(id), text, `message ${id} of ${thread}`);
    const sequences = stored.map(({ sequenceId }) => Number(sequenceId)).sort((a, b) => a - b);
    assert.deepEqual(
      sequences,
      sequences.map((_, at) => at + 1),
    );
    const next = await again.in(thread).sendMessage({ content: 'goes on' });
    assert.equal((await again.in(thread).getMessage(next.id)).sequenceId, String(stored.length + 1));
  }
});

test('a server that drains takes nothing new, and says when to come again', async (t) => {
  const server = await startRingback();
  t.after(() => server.stop());
  const alice = await person(server);
  const thread = await threadOf(alice, []);
  await server.server.drain();
  await assert.rejects(alice.in(thread).sendMessage({ content: 'late' }), {
    statusCode: 503,
    code: 'ServiceUnavailable',
  });
  const answer = await alice.raw('GET', `/chat/threads?${version}`);
  assert.equal(answer.status, 503);
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.equal(answer.headers['x-ringback-row'], 'chat/503');
});

test('a store that is locked, full or lost is answered 503, and the client’s retry gets through', async (t) => {
  const server = await startRingback({ config: 'chat: { rates: none }' });
  t.after(() => server.stop());
  const alice = await person(server);
  const patient = personWith(server, alice.id, alice.token, { maxRetries: 3 });
  const thread = await threadOf(alice, []);
  const admin = (method: string, path: string, body?: unknown) =>
    signedRequest(server.server.ready, method, path, body);
  for (const fault of ['store-locked', 'store-full', 'store-lost']) {
    await admin('POST', 'faults', { fault });
    const path = `/chat/threads/${encodeURIComponent(thread)}/messages`;
    const sent = await alice.raw('POST', `${path}?${version}`, { content: fault });
    assert.deepEqual(
      [sent.status, (sent.body as { error: { code: string } }).error.code],
      [503, 'ServiceUnavailable'],
      fault,
    );
    assert.ok(Number(sent.headers['retry-after']) > 0);
    if (fault === 'store-lost') {
      const listed = await alice.raw('GET', `${path}?${version}`);
      assert.equal(listed.status, 503, 'reads too');
    }
    const retried = patient.in(thread).sendMessage({ content: `${fault}, again` });
    await admin('DELETE', `faults/${fault}`);
    await retried;
  }
  const texts = (await all(alice.in(thread).listMessages())).flatMap(({ content }) => content?.message ?? []);
  assert.deepEqual(texts, ['store-lost, again', 'store-full, again', 'store-locked, again']);
});
