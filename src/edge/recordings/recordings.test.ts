import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../scenarios/stage/wait.ts';
import { growingBlob } from '../../app/ports/recordings.ts';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import type { Recording } from '../../domain/media/recording.ts';
import { separate } from '../../wire/wav/growing-wav.ts';
import { readWav, samplesOf, type Wav } from '../../wire/wav/wav.ts';
import { documentIdOf } from './documents.ts';
import { parties, rawIds, Studio } from './recorded.fixture.ts';

const day = 24 * 60 * 60 * 1000;
const noon = '2026-03-12T12:00:00.000Z';

function wavOf(bytes: Buffer | string): Wav {
  assert.ok(typeof bytes !== 'string', String(bytes));
  const read = readWav(bytes);
  assert.ok('data' in read, JSON.stringify(read));
  assert.equal(read.data.length, read.declaredBytes, 'its header tells its size');
  return read;
}

const onlyValue = (samples: Int16Array): number | string => {
  const values = new Set(samples);
  return values.size === 1 ? samples[0]! : `${values.size} values`;
};

async function gone(studio: Studio, blobs: readonly string[] = []): Promise<void> {
  await until('the folder holds what it should', async () => {
    const names = await studio.blobs.names();
    return names.length === blobs.length ? { is: true } : { notYet: `it holds ${names}` };
  });
  assert.deepEqual([...(await studio.blobs.names())].sort(), blobs);
}

describe('a recording that is over', () => {
  test('is announced, with a file that plays what was heard and says how long, when and by whom', async () => {
    await using studio = await Studio.open();
    const recorded = await studio.record();
    recorded.hear(1.5, 0);
    await studio.clock.advance(1500);
    await recorded.pause(true);
    recorded.hear(1, 1);
    await studio.clock.advance(4000);
    await recorded.pause(false);
    recorded.hear(0.5, 1);
    await studio.clock.advance(500);
    await recorded.stop();

    const documentId = documentIdOf(recorded.id);
    const object = `https://ringback.asm.skype.com:8443/v1/objects/${documentId}`;
    assert.deepEqual(await studio.told(), {
      type: 'RecordingFileStatusUpdated',
      callConnectionId: 'app',
      serverCallId: 'server-call',
      recordingId: recorded.id,
      content: 'audio',
      channels: 'mixed',
      format: 'wav',
      chunks: [
        {
          documentId,
          index: 0,
          contentLocation: `${object}/content/audio`,
          metadataLocation: `${object}/content/acsmetadata`,
          deleteLocation: object,
          contentLocationPlain: `https://localhost:8443/v1/objects/${documentId}/content/audio`,
        },
      ],
      startedAt: Date.parse(noon),
      durationMs: 2000,
      storage: 'here',
      endReason: 'StoppedByUser',
    });
    const file = wavOf(await studio.read(recorded.id));
    assert.deepEqual([file.channels, file.sampleRate, file.bitsPerSample], [1, 16_000, 16]);
    const samples = samplesOf(file.data);
    assert.equal(samples.length, 32_000);
    assert.deepEqual(
      [onlyValue(samples.subarray(0, 24_000)), onlyValue(samples.subarray(24_000))],
      [1000, 2000],
    );

    const metadata = JSON.parse(String(await studio.read(recorded.id, 'acsmetadata')));
    const { participants, ...rest } = metadata;
    assert.deepEqual(rest, {
      resourceId: 'res',
      callId: 'app',
      chunkDocumentId: documentId,
      chunkIndex: 0,
      chunkStartTime: noon,
      chunkDuration: 2000,
      pauseResumeIntervals: [{ startTime: '2026-03-12T12:00:01.500Z', duration: 4000 }],
      recordingInfo: {
        contentType: 'audio',
        channelType: 'mixed',
        format: 'wav',
        audioConfiguration: { sampleRate: 16_000, bitRate: 256_000, channels: 1 },
      },
    });
    const present = participants.map(({ participantId }: { participantId: string }) => participantId);
    assert.deepEqual(present.filter((rawId: string) => rawId.startsWith('4:')).sort(), [...rawIds].sort());
    assert.deepEqual(studio.trouble, []);
  });

  test('ends with its call, whose media process finishes the file after that', async () => {
    await using studio = await Studio.open({ lastWordMs: 10_000 });
    const recorded = await studio.record();
    recorded.hear(2, 0);
    for (const leg of ['leg0', 'leg1', 'leg2']) studio.call.ended(leg, { how: 'hung-up' });
    await studio.tell({ input: 'tick' });
    assert.deepEqual(studio.announced, []);
    await recorded.recorder.stop();
    const { durationMs, endReason, problem } = await studio.told();
    assert.deepEqual([durationMs, endReason, problem], [2000, 'CallEnded', undefined]);
  });

  test('without a sound is announced without a file', async () => {
    await using studio = await Studio.open();
    const recorded = await studio.record();
    await recorded.stop();
    const { chunks, durationMs } = await studio.told();
    assert.deepEqual([chunks, durationMs], [[], 0]);
    assert.match(String(await studio.read(recorded.id)), /nothing was recorded/);
    await gone(studio);
  });

  test('that could never begin is not announced: StartRecordingFailed told it', async () => {
    await using studio = await Studio.open();
    const id = await failedAtOnce(studio);
    await until('the work is over', async () =>
      studio.quiet.busy().length === 0 ? { is: true } : { notYet: studio.quiet.busy().join() },
    );
    assert.deepEqual(studio.announced, []);
    assert.match(String(await studio.read(id)), /no recording/);
    assert.ok(studio.call.callbacks().includes('StartRecordingFailed'));
  });

  test('and stopped early by its disk keeps what was written, and says what happened', async () => {
    await using studio = await Studio.open();
    const recorded = await studio.record();
    recorded.hear(3, 0);
    const event = { recordingId: recorded.id, now: 'failed', why: 'ENOSPC: no space left' } as const;
    await recorded.recorder.stop();
    await using late = await studio.restarted();
    await late.recordings.start({ endpoint: 'https://localhost/' });
    late.recordings.told({ recordingId: recorded.id, now: 'active' });
    late.recordings.told(event);
    await late.tell({ input: 'media', event: { kind: 'recording', callId: 'call', event } });
    const { durationMs, problem, chunks } = await late.told();
    assert.equal(durationMs, 3000);
    assert.equal(problem, 'recording stopped early: ENOSPC: no space left');
    assert.match(chunks[0]!.contentLocation, /^https:\/\/ringback\.asm\.skype\.com\/v1/);
  });

  test('whose media process never says its last word is made of what is there', async () => {
    await using studio = await Studio.open();
    const recorded = await studio.record();
    recorded.hear(2, 0);
    await until('two seconds are on the disk', async () => {
      const size = await studio.blobs.size(growingBlob(recorded.id));
      return size === 64_044 ? { is: true } : { notYet: `there are ${size} bytes` };
    });
    await studio.tell({ input: 'stopping' });
    const { durationMs, problem } = await studio.told();
    assert.equal(durationMs, 2000);
    assert.match(problem ?? '', /did not finish the file within 0.1 s/);
  });
});

async function failedAtOnce(studio: Studio): Promise<string> {
  const { id, ...rest }: Omit<Recording, 'requestedAt' | 'state'> = {
    id: 'eyJQbGF0Zm9ybUVuZHBvaW50SWQiOiJjYWxsIn0',
    resourceId: 'res',
    connectionId: 'app',
    settings: {
      content: 'audio',
      channels: 'mixed',
      format: 'wav',
      channelOf: [],
      storage: { kind: 'here' },
    },
    apiVersion: '2026-03-12',
    pauseOnStart: false,
  };
  await studio.tell({ input: 'start-recording', recording: { id, ...rest } });
  const event = { recordingId: id, now: 'failed', why: 'EACCES' } as const;
  studio.recordings.told(event);
  await studio.tell({ input: 'media', event: { kind: 'recording', callId: 'call', event } });
  return id;
}

describe('an unmixed recording', () => {
  test('has a channel for each participant, and none that nobody came to be on', async () => {
    await using studio = await Studio.open();
    const recorded = await studio.record({ channels: 'unmixed' });
    recorded.hear(1, 1);
    recorded.hear(1, 0, 1);
    await recorded.stop();
    await studio.told();
    const file = wavOf(await studio.read(recorded.id));
    assert.equal(file.channels, 2);
    const [first, second] = separate(file.data, 2);
    assert.equal(onlyValue(first!), 2000);
    assert.deepEqual(
      [onlyValue(second!.subarray(0, 16_000)), onlyValue(second!.subarray(16_000))],
      [0, 1000],
    );
    const { participants, recordingInfo } = JSON.parse(String(await studio.read(recorded.id, 'acsmetadata')));
    assert.deepEqual(participants, [
      { participantId: rawIds[1], channel: 0 },
      { participantId: rawIds[0], channel: 1 },
    ]);
    assert.equal(recordingInfo.audioConfiguration.channels, 2);
  });

  test('keeps participants on the channels they were promised, whoever is absent', async () => {
    await using studio = await Studio.open();
    const promised = [
      { participant: phoneNumber('+15005559990'), channel: 0 },
      { participant: phoneNumber(parties[2]), channel: 2 },
    ];
    const recorded = await studio.record({ channels: 'unmixed', channelOf: promised });
    recorded.hear(1, 0, 2);
    await recorded.stop();
    await studio.told();
    const file = wavOf(await studio.read(recorded.id));
    assert.deepEqual(separate(file.data, 3).map(onlyValue), [0, 1000, 3000]);
    const { participants } = JSON.parse(String(await studio.read(recorded.id, 'acsmetadata')));
    assert.deepEqual(participants, [
      { channel: 0 },
      { participantId: rawIds[0], channel: 1 },
      { participantId: rawIds[2], channel: 2 },
    ]);
  });

  test('that a crash cut off names those who were promised a channel, and nobody else', async () => {
    await using studio = await Studio.open();
    const promised = [{ participant: phoneNumber(parties[1]), channel: 1 }];
    const recorded = await studio.record({ channels: 'unmixed', channelOf: promised });
    recorded.hear(1, 0, 1);
    await until('a second is on the disk', async () => {
      const size = await studio.blobs.size(growingBlob(recorded.id));
      return size === 160_068 ? { is: true } : { notYet: `there are ${size} bytes` };
    });
    await studio.tell({ input: 'restarted' });
    const { problem } = await studio.told();
    assert.match(problem ?? '', /the server ended in mid-recording/);
    const file = wavOf(await studio.read(recorded.id));
    assert.deepEqual(separate(file.data, 2).map(onlyValue), [1000, 2000]);
    const { participants } = JSON.parse(String(await studio.read(recorded.id, 'acsmetadata')));
    assert.deepEqual(participants, [{ channel: 0 }, { participantId: rawIds[1], channel: 1 }]);
  });
});

describe('a file that is kept', () => {
  async function kept(): Promise<{ studio: Studio; id: string; documentId: string }> {
    const studio = await Studio.open();
    const recorded = await studio.record();
    recorded.hear(1, 0);
    await recorded.stop();
    await studio.told();
    return { studio, id: recorded.id, documentId: documentIdOf(recorded.id) };
  }

  test('is there for its resource alone', async () => {
    const { studio, id, documentId } = await kept();
    await using _ = studio;
    assert.match(String(await studio.read(id, 'audio', 'another')), /no recording .* is kept/);
    assert.match((await studio.recordings.remove('another', documentId))?.missing ?? '', /no recording/);
    assert.match(String(await studio.read(id, 'video')), /has no video/);
    wavOf(await studio.read(id));
  });

  test('is gone once it is deleted, and can be deleted once', async () => {
    const { studio, id, documentId } = await kept();
    await using _ = studio;
    assert.equal(await studio.recordings.remove('res', documentId), undefined);
    assert.match(String(await studio.read(id)), /was deleted/);
    assert.match((await studio.recordings.remove('res', documentId))?.missing ?? '', /no file is kept/);
    await gone(studio);
  });

  test('is gone a day after the recording ended, on the clock, also over a restart', async () => {
    const { studio, id } = await kept();
    await studio.clock.advance(day - 1);
    wavOf(await studio.read(id));
    await using next = await studio.restarted();
    await next.recordings.start({ endpoint: 'https://localhost:8443/' });
    wavOf(await next.read(id));
    const { fired } = await next.clock.advance(1);
    assert.deepEqual(
      fired.map(({ what }) => what),
      [`end of recording ${documentIdOf(id)}`],
    );
    assert.match(String(await next.read(id)), /no recording/);
    await gone(next);
    assert.equal(next.store.documents('recordings').length, 0);
    assert.deepEqual(next.announced, []);
  });

  test('goes with a reset', async () => {
    const { studio, id } = await kept();
    await using _ = studio;
    await studio.store.reset([]);
    await studio.recordings.forget();
    assert.match(String(await studio.read(id)), /no recording/);
    await gone(studio);
  });
});

describe('after a crash of the server', () => {
  test('a recording that was going on is a playable file, whatever was torn, with a status that says so', async () => {
    await using studio = await Studio.open();
    const recorded = await studio.record();
    recorded.hear(2, 0);
    await until('two seconds are on the disk', async () => {
      const size = await studio.blobs.size(growingBlob(recorded.id));
      return size === 64_044 ? { is: true } : { notYet: `there are ${size} bytes` };
    });
    await using next = await studio.restarted();
    // As if it had died in the middle of the next write: three bytes of a frame, and sizes of before.
    const torn = Buffer.concat([(await next.blobs.get(growingBlob(recorded.id)))!, Buffer.of(1, 2, 3)]);
    await next.blobs.put(growingBlob(recorded.id), torn);
    await next.tell({ input: 'restarted' });
    await next.recordings.start({ endpoint: 'https://localhost:8443/' });
    const { durationMs, problem, endReason } = await next.told();
    assert.deepEqual([durationMs, endReason], [2000, 'CallEnded']);
    assert.equal(problem, 'the server ended in mid-recording; what was written by then is kept');
    assert.equal(samplesOf(wavOf(await next.read(recorded.id)).data).length, 32_001);
    assert.deepEqual(next.trouble, []);
    await gone(next, [`recorded-${documentIdOf(recorded.id)}.wav`]);
  });

  test('one that had ended and was not made yet is made, and told once', async () => {
    await using studio = await Studio.open({ lastWordMs: 60_000 });
    const recorded = await studio.record();
    recorded.hear(1, 0);
    await until('a second is on the disk', async () =>
      (await studio.blobs.size(growingBlob(recorded.id))) === 32_044 ? { is: true } : { notYet: 'not yet' },
    );
    await studio.tell({ input: 'stopping' });
    await using next = await studio.restarted();
    assert.deepEqual(studio.announced, []);
    await next.recordings.start({ endpoint: 'https://localhost:8443/' });
    assert.equal((await next.told()).durationMs, 1000);
    await using third = await next.restarted();
    await third.recordings.start({ endpoint: 'https://localhost:8443/' });
    wavOf(await third.read(recorded.id));
    assert.deepEqual(third.announced, []);
  });

  test('one that was made and not announced is announced, and strays of nobody are cleared away', async () => {
    await using studio = await Studio.open({
      announce: () => Promise.reject(new Error('the store is out')),
    });
    const recorded = await studio.record();
    recorded.hear(1, 0);
    await recorded.stop();
    await until('it could not be announced', async () =>
      studio.trouble.length > 0 ? { is: true } : { notYet: 'no trouble yet' },
    );
    await using next = await studio.restarted();
    const foreign = growingBlob('eyJQbGF0Zm9ybUVuZHBvaW50SWQiOiJub2JvZHkifQ');
    for (const name of [foreign, 'recorded-0-ringback-d1-half.mp4', 'prompt-ab12'])
      await next.blobs.put(name, Buffer.of(1));
    await next.recordings.start({ endpoint: 'https://localhost:8443/' });
    assert.equal((await next.told()).durationMs, 1000);
    await gone(next, ['prompt-ab12', growingBlob(recorded.id)]);
  });
});
