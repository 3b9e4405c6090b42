/** The unmodified client downloads and deletes recordings from the host that it accepts, over TLS with the local CA. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { CallAutomationClient, type CallRecording } from '@azure/communication-call-automation';
import {
  type Door,
  key,
  openDoor,
  plainKey,
  plainResource,
  resource,
} from '../../src/edge/http/door.fixture.ts';
import { Studio } from '../../src/edge/recordings/recorded.fixture.ts';
import { openAuthority } from '../../src/edge/tls/authority.ts';
// As `--import ringback/resolve` does for an application.
import '../../src/resolve.ts';

describe('recordings, with the official client', () => {
  let studio: Studio;
  let door: Door;
  let folder: string;
  let clientOf: (accessKey: string) => CallRecording;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringback-download-'));
    studio = await Studio.open({}, '');
    const authority = await openAuthority();
    const { recordings } = studio;
    door = openDoor({ recordingFiles: recordings, resources: [{ ...resource, id: 'res' }, plainResource] });
    const { httpsPort } = await door.server.start({
      hosts: ['127.0.0.1'],
      https: { port: 0, tls: authority.server },
    });
    const endpoint = `https://localhost:${httpsPort}/`;
    await recordings.start({ endpoint });
    clientOf = (accessKey) =>
      new CallAutomationClient(`endpoint=${endpoint};accesskey=${accessKey}`, {
        tlsOptions: { ca: authority.ca },
        retryOptions: { maxRetries: 0 },
      }).getCallRecording();
  });
  after(async () => {
    await door.server.stop(0);
    await studio[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  let count = 0;
  /** A new recording of three seconds, and what Event Grid says of it. */
  async function recorded() {
    count += 1;
    const session = await studio.record({}, `number ${count}`);
    session.hear(3, 0);
    await session.stop();
    const [chunk] = (await studio.told(count)).chunks;
    assert.ok(chunk?.deleteLocation);
    return {
      ...chunk,
      deleteLocation: chunk.deleteLocation,
      kept: (await studio.read(session.id)) as Buffer,
    };
  }

  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const failsWith = (status: number, message: RegExp) => (failure: unknown) => {
    const { status: got, message: said } = failure as { status: number; message: string };
    assert.equal(got, status);
    assert.match(said, message);
    return true;
  };

  test('are downloaded whole, byte for byte', async () => {
    const { contentLocation, kept } = await recorded();
    assert.match(contentLocation, /^https:\/\/ringback\.asm\.skype\.com:\d+\//);
    const client = clientOf(key);
    const got = await buffer(await client.downloadStreaming(contentLocation));
    assert.deepEqual([got.length, hash(got)], [kept.length, hash(kept)]);
    assert.equal(got.length, 44 + 3 * 32_000);

    const file = join(folder, 'recording.wav');
    await client.downloadToPath(contentLocation, file);
    assert.equal(hash(await readFile(file)), hash(kept));

    const stream = new PassThrough();
    const [piped] = await Promise.all([buffer(stream), client.downloadToStream(contentLocation, stream)]);
    assert.equal(hash(piped), hash(kept));
  });

  test('are downloaded in parts', async () => {
    const { contentLocation, kept } = await recorded();
    const client = clientOf(key);
    const part = await buffer(await client.downloadStreaming(contentLocation, { offset: 100, length: 1000 }));
    assert.equal(hash(part), hash(kept.subarray(100, 1100)));
    const rest = await buffer(await client.downloadStreaming(contentLocation, { offset: kept.length - 5 }));
    assert.equal(hash(rest), hash(kept.subarray(-5)));
    await assert.rejects(
      client.downloadStreaming(contentLocation, { offset: kept.length }),
      failsWith(416, /asks for what lies behind/),
    );
  });

  test('have their metadata where the event says', async () => {
    const { metadataLocation, documentId } = await recorded();
    const metadata = JSON.parse(
      String(await buffer(await clientOf(key).downloadStreaming(metadataLocation))),
    );
    assert.deepEqual([metadata.chunkDocumentId, metadata.chunkDuration], [documentId, 3000]);
  });

  test('are deleted, and not there afterwards', async () => {
    const { contentLocation, deleteLocation } = await recorded();
    const client = clientOf(key);
    await client.delete(deleteLocation);
    await assert.rejects(client.downloadStreaming(contentLocation), failsWith(404, /was deleted/));
    await assert.rejects(client.delete(deleteLocation), failsWith(404, /no file is kept/));
  });

  test('are not there for another resource, nor for a key that is none', async () => {
    const { contentLocation, deleteLocation, kept } = await recorded();
    const other = clientOf(plainKey);
    await assert.rejects(other.downloadStreaming(contentLocation), failsWith(404, /no recording/));
    await assert.rejects(other.delete(deleteLocation), failsWith(404, /no recording/));
    const nobody = clientOf(Buffer.from('a key of nobody').toString('base64'));
    await assert.rejects(nobody.downloadStreaming(contentLocation), failsWith(401, /./));
    assert.equal((await buffer(await clientOf(key).downloadStreaming(contentLocation))).length, kept.length);
  });

  test('are gone a day later', async () => {
    const { contentLocation } = await recorded();
    await studio.clock.advance(24 * 60 * 60 * 1000);
    await assert.rejects(clientOf(key).downloadStreaming(contentLocation), failsWith(404, /a day after/));
  });
});
