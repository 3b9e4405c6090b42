import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, bob, done, Room } from '../app/desks/chat-room.fixture.ts';
import { messageStories } from './message-stories.ts';

test('the story of a message tells who was notified, on which device, and who read up to it', async () => {
  const room = new Room();
  const threadId = await room.thread();
  const first = done(await room.send(threadId, 'first'));
  await room.clock.advance(1000);
  const second = done(await room.send(threadId, 'second'));
  const notice = { threadId, messageId: first, event: 'chatMessageReceived', user: bob.id, device: 'd1' };
  room.chats.notified({ ...notice, how: 'sent', at: room.clock.now() });
  room.chats.notified({ ...notice, how: 'acknowledged', at: room.clock.now() + 5 });
  done(await room.chats.read(bob, threadId, String(second)));
  const stories = messageStories(room.store, room.chats);
  const [story, ...others] = stories(String(first));
  assert.deepEqual(others, []);
  assert.deepEqual(
    story?.entries.map(({ kind, text }) => [kind, text]),
    [
      ['fact', `sent by ${alice.id}: text, the thread's message 3`],
      ['notice', `chatMessageReceived sent to ${bob.id} (device d1)`],
      ['notice', `chatMessageReceived acknowledged by ${bob.id} (device d1)`],
    ],
  );
  assert.deepEqual(story?.readBy, [
    { user: bob.id, readAt: new Date(room.clock.now()).toISOString(), upTo: String(second) },
  ]);
  assert.equal(stories(String(second))[0]?.entries.at(-1)?.text, `read by ${bob.id}`);
});

test('a message of several threads has a story in each, and stays known after its thread is gone', async () => {
  const room = new Room();
  const threads = [await room.thread(), await room.thread()];
  const ids = [];
  for (const threadId of threads) ids.push(done(await room.send(threadId)));
  assert.equal(ids[0], ids[1], 'both were sent in one millisecond');
  done(await room.chats.delete(bob, threads[0] ?? ''));
  await room.clock.advance(0);
  const stories = messageStories(room.store, room.chats)(String(ids[0]));
  assert.deepEqual(
    stories.map(({ threadId, state }) => [threadId, state]).sort(),
    [
      [threads[0], 'gone with its thread'],
      [threads[1], 'sent'],
    ].sort(),
  );
  for (const id of ['', 'x', '-1', String(ids[0]! + 1)])
    assert.deepEqual(messageStories(room.store, room.chats)(id), []);
});
