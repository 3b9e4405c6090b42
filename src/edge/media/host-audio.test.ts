/** What is played, pressed and recorded, over real sockets. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Recording } from '../../domain/media/recording.ts';
import { sine } from '../../wire/audio/signals.fixture.ts';
import { bytesOf, readWav } from '../../wire/wav/wav.ts';
import { FolderBlobs } from '../blobs/folder-blobs.ts';
import { createMediaHost } from './host.ts';
import { openMediaDiary, openTestPhone, until } from './phone.fixture.ts';

/** A leg of a call, with a phone at its far end. */
async function open(t: TestContext, inProcess: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-host-'));
  t.after(() => rm(folder, { recursive: true }));
  const diary = openMediaDiary();
  const host = createMediaHost({
    ...{ rtpPorts: [0, 0], address: '127.0.0.1', blobs: folder, inProcess },
    onEvent: diary.onEvent,
  });
  t.after(() => host.stop());
  await host.start();
  const phone = await openTestPhone();
  t.after(() => phone.close());
  host.port.allocate('call', 'leg');
  const { local } = await diary.next('allocated');
  host.port.connect('leg', phone.media);
  const told = (what: string) =>
    until(
      () =>
        diary.events.some(
          (event) =>
            'event' in event && ('kind' in event.event ? event.event.kind : event.event.now) === what,
        ),
      () => `no ${what}; there were ${JSON.stringify(diary.events)}`,
    );
  return { host, phone, local, told, blobs: new FolderBlobs(folder) };
}

const recording: Recording = {
  ...{ id: 'rec', resourceId: 'res', apiVersion: '2026-03-12', requestedAt: 0, pauseOnStart: false },
  settings: {
    ...{ content: 'audio', channels: 'mixed', format: 'wav', channelOf: [], storage: { kind: 'here' } },
  },
  state: 'starting',
};

test('keys that are being sent outlast a prompt that begins and ends meanwhile', async (t) => {
  const { host, phone, told, blobs } = await open(t, true);
  await blobs.put('short', bytesOf(sine(400, 16_000, 640)));
  host.port.sendTones({ callId: 'call', operationId: 'keys', legId: 'leg', keys: '1234' });
  host.port.play({ callId: 'call', operationId: 'p', to: 'all', prompts: ['short'], loop: false });
  await told('prompt-ended');
  await told('tones-sent');
  const begun = phone.heard.filter(({ payloadType, marker }) => payloadType === 101 && marker);
  assert.deepEqual(
    begun.map(({ payload }) => payload[0]),
    [1, 2, 3, 4],
  );
});

test('a media process that is stopped writes what it recorded last', async (t) => {
  const { host, phone, told, blobs } = await open(t, false);
  host.port.startRecording({ callId: 'call', recording, participants: {} });
  await told('active');
  await until(
    async () => ((await blobs.size('recording-rec')) ?? 0) > 32_000,
    () => 'no second of it is written',
  );
  const had = phone.heard.length;
  await until(
    () => phone.heard.length >= had + 20,
    () => 'it sends no more',
  );
  await host.stop();
  const wav = readWav((await blobs.get('recording-rec'))!);
  assert.ok('data' in wav);
  assert.equal(wav.declaredBytes, wav.data.length);
  assert.ok(wav.data.length >= 32_000 + 20 * 640, `${wav.data.length / 640} frames of 20 ms`);
});
