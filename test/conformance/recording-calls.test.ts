/** Calls of a whole server, recorded: started and stopped by the official client, told by Event Grid, fetched and looked at. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { CallAutomationClient, type CallRecording } from '@azure/communication-call-automation';
import { until } from '../../scenarios/stage/wait.ts';
import type { ReadyLine } from '../../src/main/server-file.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { startRingback } from '../../src/testing.ts';
import { readWav, samplesOf } from '../../src/wire/wav/wav.ts';
import { type Application, invite, openApplication } from '../peers/application.ts';
import { startServerProcess } from '../peers/server-process.ts';
import { Receiver } from './webhook-receiver.ts';
// As `--import ringback/resolve` does for an application.
import '../../src/resolve.ts';

const tonePlayer = '+15005552030';
const toneHz = 425;

interface FileStatus {
  readonly recordingStorageInfo: {
    readonly recordingChunks: readonly {
      readonly contentLocation: string;
      readonly metadataLocation: string;
      readonly deleteLocation: string;
      readonly endReason: string;
    }[];
  };
  readonly recordingDurationMs: number;
  readonly recordingFormatType: string;
  readonly recordingContentType: string;
  readonly recordingChannelType: string;
  readonly sessionEndReason: string;
  readonly problem?: string;
}

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A receiver of RecordingFileStatusUpdated: the next event that came to it. */
async function listener() {
  const statuses: { readonly subject: string; readonly data: FileStatus }[] = [];
  const receiver = await Receiver.open(({ headers, body }) => {
    const [event] = JSON.parse(body);
    if (headers['aeg-event-type'] === 'SubscriptionValidation')
      return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
    assert.equal(event.eventType, 'Microsoft.Communication.RecordingFileStatusUpdated');
    statuses.push(event);
    return { status: 200 };
  });
  opened.push(() => receiver.close());
  const next = () =>
    until('RecordingFileStatusUpdated', async () => {
      const status = statuses.shift();
      return status ? { is: status } : { notYet: 'it has not come' };
    });
  return {
    subscription: { name: 'recordings', endpoint: receiver.url('/'), events: ['RecordingFileStatusUpdated'] },
    next,
  };
}

/** Of what is served over https, with the key of the server. */
function recordingsOf({ connectionString }: ReadyLine, ca: string): CallRecording {
  return new CallAutomationClient(connectionString, {
    tlsOptions: { ca },
    retryOptions: { maxRetries: 0 },
  }).getCallRecording();
}

async function connected(app: Application): Promise<{ id: string; serverCallId: string }> {
  await app.client.createCall(invite(tonePlayer), app.callbackUrl);
  const { callConnectionId: id = '', serverCallId = '' } = await app.next('CallConnected');
  return { id, serverCallId };
}

/** So much of the recording is on the disk. */
const grown = (data: string, bytes: number) =>
  until(`${bytes} bytes of a recording are written`, async () => {
    const folder = join(data, 'blobs');
    const sizes = readdirSync(folder)
      .filter((name) => name.startsWith('recording-'))
      .map((name) => statSync(join(folder, name)).size);
    return sizes.some((size) => size >= bytes) ? { is: true } : { notYet: `there are ${sizes}` };
  });

/** Upward crossings of zero in the middle second. */
function pitch(samples: Int16Array): number {
  const middle = samples.subarray((samples.length >> 1) - 8000, (samples.length >> 1) + 8000);
  return middle.filter((sample, n) => n > 0 && middle[n - 1]! < 0 && sample >= 0).length;
}

const isTone = (samples: Int16Array): void =>
  assert.ok(Math.abs(pitch(samples) - toneHz) <= 5, `${pitch(samples)} Hz instead of ${toneHz}`);

function samplesIn(bytes: Buffer): Int16Array {
  const wav = readWav(bytes);
  assert.ok('data' in wav, JSON.stringify(wav));
  assert.deepEqual([wav.channels, wav.sampleRate, wav.data.length], [1, 16_000, wav.declaredBytes]);
  return samplesOf(wav.data);
}

const asWav = { recordingContent: 'audio', recordingFormat: 'wav', recordingChannel: 'mixed' } as const;
const located = (serverCallId: string) =>
  ({ callLocator: { kind: 'serverCallLocator', id: serverCallId } }) as const;

/** A server, an application and what it hears of recordings. */
async function started() {
  const server = await startRingback();
  opened.push(() => server.stop());
  const app = await openApplication({ server: server.server.ready });
  opened.push(() => app[Symbol.asyncDispose]());
  const { subscription, next } = await listener();
  const { state } = (await signedRequest(server.server.ready, 'POST', 'subscriptions', subscription)) as {
    readonly state: string;
  };
  assert.equal(state, 'Succeeded');
  const files = recordingsOf(server.server.ready, server.ca);
  return { server, app, status: next, files, data: dirname(server.caFile) };
}

describe('a call that is recorded', { timeout: 60_000 }, () => {
  test('is in the file: what the phone said, from start to stop', async () => {
    const { app, status, files, data } = await started();
    const { id, serverCallId } = await connected(app);
    const recording = app.client.getCallRecording();
    const { recordingId = '' } = await recording.start({ ...located(serverCallId), ...asWav });
    assert.equal((await app.next('RecordingStateChanged', id)).state, 'active');
    await grown(data, 44 + 2 * 32_000);
    await recording.stop(recordingId);
    assert.equal((await app.next('RecordingStateChanged', id)).state, 'inactive');

    const { subject, data: told } = await status();
    assert.equal(subject, `/recording/call/${id}/serverCallId/${serverCallId}/recordingId/${recordingId}`);
    const { recordingFormatType, recordingContentType, recordingChannelType, sessionEndReason, problem } =
      told;
    assert.deepEqual(
      [recordingFormatType, recordingContentType, recordingChannelType, sessionEndReason, problem],
      ['Wav', 'Audio', 'Mixed', 'StoppedByUser', undefined],
    );
    const [chunk] = told.recordingStorageInfo.recordingChunks;
    assert.ok(chunk && chunk.endReason === 'SessionEnded');
    const samples = samplesIn(await buffer(await files.downloadStreaming(chunk.contentLocation)));
    assert.equal(samples.length / 16, told.recordingDurationMs);
    assert.ok(told.recordingDurationMs >= 2000, `${told.recordingDurationMs} ms`);
    isTone(samples);
    const metadata = JSON.parse(String(await buffer(await files.downloadStreaming(chunk.metadataLocation))));
    const present = metadata.participants.map(
      ({ participantId }: { participantId: string }) => participantId,
    );
    assert.ok(present.includes(`4:${tonePlayer}`), present.join());
    await files.delete(chunk.deleteLocation);
    await assert.rejects(files.downloadStreaming(chunk.contentLocation), { status: 404 });
    await app.client.getCallConnection(id).hangUp(true);
  });

  test('is a video unless something else is asked for, and ends with its call', async (t) => {
    const { app, status, files, data } = await started();
    const { id, serverCallId } = await connected(app);
    const recording = app.client.getCallRecording();
    try {
      execFileSync('ffprobe', ['-version'], { stdio: 'ignore' });
    } catch {
      // The refusal is what there is to see then.
      await assert.rejects(recording.start(located(serverCallId)), /mp4 needs ffmpeg/);
      t.skip('ffmpeg is not installed');
      return;
    }
    await recording.start(located(serverCallId));
    await grown(data, 44 + 2 * 32_000);
    await app.client.getCallConnection(id).hangUp(true);
    const { data: told } = await status();
    assert.deepEqual(
      [told.recordingFormatType, told.recordingContentType, told.sessionEndReason, told.problem],
      ['Mp4', 'AudioVideo', 'CallEnded', undefined],
    );
    const [chunk] = told.recordingStorageInfo.recordingChunks;
    assert.match(chunk?.contentLocation ?? '', /\/content\/video$/);
    const file = join(data, 'downloaded.mp4');
    writeFileSync(file, await buffer(await files.downloadStreaming(chunk!.contentLocation)));
    const pcm = ['-v', 'error', '-i', file, '-f', 's16le', '-ar', '16000', '-ac', '1', '-'];
    isTone(samplesOf(execFileSync('ffmpeg', pcm, { maxBuffer: 1 << 26 })));
  });
});

describe('a media process that is killed while it records', { timeout: 60_000 }, () => {
  test('leaves a file that plays up to then, and the event says so', async () => {
    const { server, app, status, files, data } = await started();
    const { id, serverCallId } = await connected(app);
    await app.client.getCallRecording().start({ ...located(serverCallId), ...asWav });
    await grown(data, 44 + 2 * 32_000);
    await signedRequest(server.server.ready, 'POST', 'faults', { fault: 'media-killed' });
    await app.next('CallDisconnected', id);
    const { data: told } = await status();
    assert.match(told.problem ?? '', /the media process ended in mid-recording/);
    const [chunk] = told.recordingStorageInfo.recordingChunks;
    const samples = samplesIn(await buffer(await files.downloadStreaming(chunk!.contentLocation)));
    assert.equal(samples.length / 16, told.recordingDurationMs);
    isTone(samples);
  });
});

describe('a server that is killed while it records', { timeout: 60_000 }, () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'ringback-recording-'));
    opened.push(() => rmSync(data, { recursive: true, force: true }));
  });

  test('leaves a file that plays up to then, and tells so when it is back', async () => {
    const { subscription, next: status } = await listener();
    // In the configuration, so that it is validated anew at every start. JSON is YAML.
    writeFileSync(join(data, 'ringback.yaml'), JSON.stringify({ subscriptions: [subscription] }));
    const flags = ['--allow-http-callbacks'];
    const first = await startServerProcess({ data, flags });
    opened.push(() => first[Symbol.asyncDispose]());
    const app = await openApplication({ server: first.ready });
    opened.push(() => app[Symbol.asyncDispose]());
    const { serverCallId } = await connected(app);
    await app.client.getCallRecording().start({ ...located(serverCallId), ...asWav });
    await grown(data, 44 + 2 * 32_000);
    first.signal('SIGKILL');
    await first.exited;

    const second = await startServerProcess({ data, flags });
    opened.push(() => second[Symbol.asyncDispose]());
    const { data: told } = await status();
    assert.match(told.problem ?? '', /the server ended in mid-recording/);
    assert.ok(told.recordingDurationMs >= 2000, `${told.recordingDurationMs} ms`);
    const [chunk] = told.recordingStorageInfo.recordingChunks;
    const files = recordingsOf(second.ready, second.ca);
    const samples = samplesIn(await buffer(await files.downloadStreaming(chunk!.contentLocation)));
    assert.equal(samples.length / 16, told.recordingDurationMs);
    isTone(samples);
  });
});

describe('a server that is told to stop while it records', { timeout: 60_000 }, () => {
  test('finishes the file and tells of it before it goes, and has it when it is back', async () => {
    const data = mkdtempSync(join(tmpdir(), 'ringback-recording-'));
    opened.push(() => rmSync(data, { recursive: true, force: true }));
    const { subscription, next: status } = await listener();
    writeFileSync(
      join(data, 'ringback.yaml'),
      JSON.stringify({ subscriptions: [subscription], drainTimeout: '1s' }),
    );
    const flags = ['--allow-http-callbacks'];
    const first = await startServerProcess({ data, flags });
    opened.push(() => first[Symbol.asyncDispose]());
    const app = await openApplication({ server: first.ready });
    opened.push(() => app[Symbol.asyncDispose]());
    const { serverCallId } = await connected(app);
    await app.client.getCallRecording().start({ ...located(serverCallId), ...asWav });
    await grown(data, 44 + 32_000);
    first.signal('SIGTERM');
    assert.deepEqual(await first.exited, { code: 0, signal: null });
    const { data: told } = await status();
    assert.deepEqual([told.sessionEndReason, told.problem], ['CallEnded', undefined]);

    const second = await startServerProcess({ data, flags });
    opened.push(() => second[Symbol.asyncDispose]());
    // Ports are others now.
    const location = new URL(told.recordingStorageInfo.recordingChunks[0]!.contentLocation);
    location.port = new URL(second.ready.endpoint).port;
    const samples = samplesIn(
      await buffer(await recordingsOf(second.ready, second.ca).downloadStreaming(location.href)),
    );
    assert.equal(samples.length / 16, told.recordingDurationMs);
    isTone(samples);
  });
});
