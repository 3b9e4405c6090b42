/** Exports through the guarded client to a storage that keeps what Azure Blob Storage would keep. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '../../../scenarios/stage/wait.ts';
import { createPoster } from '../callbacks/poster.ts';
import { putBlob, type Send } from './export.ts';
import { Studio } from './recorded.fixture.ts';

interface Blob {
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Put Blob, Put Block and Put Block List as the REST reference has them; anything else is 400. */
class Storage {
  readonly blobs = new Map<string, Blob>();
  readonly requests: string[] = [];
  /** Answers instead of the storage, one after the other. */
  failures: number[] = [];
  readonly #blocks = new Map<string, Buffer>();
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const failure = this.failures.shift();
      const { status, code } = failure
        ? { status: failure, code: 'ServerBusy' }
        : this.#take(request, Buffer.concat(chunks));
      response.writeHead(status).end(code && `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/account/calls?sv=2021-12-02&sig=a%2Bb%3D`;
  }

  close(): void {
    this.#server.close().closeAllConnections();
  }

  #take({ method, url = '', headers }: IncomingMessage, body: Buffer): { status: number; code?: string } {
    const { pathname, searchParams, search } = new URL(url, 'http://storage');
    this.requests.push(`${method} ${searchParams.get('comp') ?? 'blob'} ${body.length}`);
    if (method !== 'PUT' || headers['x-ms-version'] === undefined)
      return { status: 400, code: 'InvalidHeader' };
    // The signature as it was written, plus sign and all.
    if (!search.startsWith('?sv=2021-12-02&sig=a%2Bb%3D'))
      return { status: 403, code: 'AuthenticationFailed' };
    switch (searchParams.get('comp')) {
      case null:
        if (headers['x-ms-blob-type'] !== 'BlockBlob') return { status: 400, code: 'MissingRequiredHeader' };
        this.blobs.set(pathname, { type: headers['content-type'], bytes: body });
        return { status: 201 };
      case 'block':
        this.#blocks.set(`${pathname} ${searchParams.get('blockid')}`, body);
        return { status: 201 };
      case 'blocklist': {
        const ids = [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id]) => id);
        const parts = ids.map((id) => this.#blocks.get(`${pathname} ${id}`));
        if (parts.some((part) => !part)) return { status: 400, code: 'InvalidBlockList' };
        const type = headers['x-ms-blob-content-type'] as string | undefined;
        this.blobs.set(pathname, { type, bytes: Buffer.concat(parts as Buffer[]) });
        return { status: 201 };
      }
      default:
        return { status: 400, code: 'InvalidQueryParameterValue' };
    }
  }
}

describe('an export', () => {
  const poster = createPoster({ profile: 'development', allowHttpCallbacks: true });
  const send: Send = (request) => poster.post(request);
  let storage: Storage;
  let container: string;
  beforeEach(async () => {
    storage = new Storage();
    container = await storage.open();
  });
  afterEach(() => storage.close());
  after(() => poster.close());

  async function recorded(options: Parameters<typeof Studio.open>[0] = {}) {
    const studio = await Studio.open({ send, ...options });
    const session = await studio.record({ storage: { kind: 'blob', url: container } });
    session.hear(2, 0);
    await session.stop();
    return { studio, id: session.id };
  }

  test('puts the file and what is known of it into the container, and keeps neither here', async () => {
    const { studio, id } = await recorded();
    await using _ = studio;
    const { chunks, storage: kind, problem } = await studio.told();
    const [chunk] = chunks;
    assert.deepEqual(
      [kind, problem, chunk?.deleteLocation, chunk?.contentLocationPlain],
      ['blob', undefined, undefined, undefined],
    );
    // Without the SAS, which is a secret.
    assert.ok(!JSON.stringify(chunks).includes('sig='), JSON.stringify(chunks));
    const paths = [...storage.blobs.keys()];
    assert.deepEqual(
      paths,
      [chunk?.contentLocation, chunk?.metadataLocation].map((url) => new URL(url ?? '').pathname),
    );
    const [file, metadata] = storage.blobs.values();
    assert.deepEqual(
      [file?.type, file?.bytes.length, file?.bytes.toString('latin1', 0, 4)],
      ['audio/wav', 64_044, 'RIFF'],
    );
    assert.equal(JSON.parse(String(metadata?.bytes)).chunkDocumentId, chunk?.documentId);
    assert.match(String(await studio.read(id)), /was put into the storage/);
    assert.deepEqual(await studio.blobs.names(), []);
    assert.deepEqual(storage.requests, ['PUT blob 64044', `PUT blob ${metadata?.bytes.length}`]);
  });

  test('goes in blocks when it is large, and arrives whole', async () => {
    const { studio } = await recorded({ blockBytes: 10_000 });
    await using _ = studio;
    assert.equal((await studio.told()).storage, 'blob');
    const [file] = storage.blobs.values();
    assert.deepEqual([file?.type, file?.bytes.length], ['audio/wav', 64_044]);
    assert.equal(file?.bytes.readUInt32LE(40), 64_000);
    assert.ok(
      file?.bytes.subarray(44).every((byte, index) => byte === (index % 2 === 0 ? 1000 & 255 : 1000 >> 8)),
    );
    const blocks = storage.requests.filter((request) => request.includes(' block '));
    assert.deepEqual(blocks, [...Array(6).fill('PUT block 10000'), 'PUT block 4044']);
  });

  test('is tried again, on the clock, where the storage is busy', async () => {
    storage.failures = [503, 500];
    const { studio } = await recorded();
    await using _ = studio;
    const waits: string[] = [];
    await until('the export is done', async () => {
      const { fired } = await studio.clock.advance(1000);
      waits.push(...fired.map(({ what }) => what));
      return studio.announced.length > 0 ? { is: true } : { notYet: `it waited ${waits.length} times` };
    });
    assert.equal((await studio.told()).storage, 'blob');
    assert.deepEqual(waits, ['next try for a recording', 'next try for a recording']);
  });

  const refused: Readonly<Record<string, () => string>> = {
    'the SAS is wrong': () => container.replace('a%2Bb', 'other'),
    'the address may not be opened': () => 'https://169.254.169.254/calls?sig=x',
  };
  const reasons: Readonly<Record<string, RegExp>> = {
    'the SAS is wrong':
      /not exported, and kept here: the storage answered 403 AuthenticationFailed instead of 201/,
    'the address may not be opened': /not exported, and kept here: .*169\.254\.169\.254.*metadata/,
  };
  for (const [why, url] of Object.entries(refused)) {
    test(`that fails because ${why} leaves the file here, and the event says so`, async () => {
      await using studio = await Studio.open({ send });
      const session = await studio.record({ storage: { kind: 'blob', url: url() } });
      session.hear(1, 0);
      await session.stop();
      const { chunks, storage: kind, problem } = await studio.told();
      assert.equal(kind, 'here');
      assert.match(problem ?? '', reasons[why]!);
      assert.match(chunks[0]?.contentLocation ?? '', /^https:\/\/ringback\.asm\.skype\.com/);
      assert.equal((await studio.read(session.id)).length, 32_044);
    });
  }

  test('interrupted by the end of the server is made by the next one', async () => {
    storage.failures = [503, 503];
    const { studio, id } = await recorded();
    await until('the storage has refused once', async () =>
      storage.failures.length === 1 ? { is: true } : { notYet: 'nothing has come' },
    );
    await using next = await studio.restarted({ send });
    storage.failures = [];
    await next.recordings.start({ endpoint: 'https://localhost:8443/' });
    assert.equal((await next.told()).storage, 'blob');
    assert.match(String(await next.read(id)), /was put into the storage/);
  });

  test('of an empty file is a blob of no bytes', async () => {
    const empty = { type: 'audio/wav', size: 0, read: async function* () {} };
    const put = await putBlob({ send, pause: async () => {} }, container, 'a/b.wav', empty);
    assert.equal('url' in put && new URL(put.url).pathname, '/account/calls/a/b.wav');
    assert.equal(storage.blobs.get('/account/calls/a/b.wav')?.bytes.length, 0);
  });
});
