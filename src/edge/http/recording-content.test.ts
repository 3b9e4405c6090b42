import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import type { RecordingFiles } from '../../app/ports/recordings.ts';
import { ask, type Changes, type Door, key, openDoor, plainKey, resource, sign } from './door.fixture.ts';

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
const path = '/v1/objects/doc/content/audio';
const about = Buffer.from('{"chunkDocumentId":"doc"}');

/** One recording of the first resource, until it is deleted. */
function files(): RecordingFiles & { deleted: boolean } {
  const of = (type: string, all: Buffer) => ({
    type,
    size: all.length,
    read: async function* (from: number, to: number) {
      for (let at = from; at < to; at += 300) yield all.subarray(at, Math.min(at + 300, to));
    },
  });
  return {
    deleted: false,
    content(resourceId, documentId, part) {
      if (resourceId !== resource.id || documentId !== 'doc' || this.deleted)
        return { missing: `no recording ${documentId} is kept` };
      if (part === 'video') return { missing: 'recording doc has no video; its content is audio' };
      return part === 'audio' ? of('audio/wav', bytes) : of('application/json', about);
    },
    async remove(resourceId, documentId) {
      const found = this.content(resourceId, documentId, 'audio');
      if ('missing' in found) return found;
      this.deleted = true;
      return undefined;
    },
  };
}

const open = (changes: Changes = {}): Door => openDoor({ recordingFiles: files(), ...changes });

interface Failure {
  readonly status: number;
  readonly message: string;
}

describe('the content of a recording', () => {
  test('is fetched whole, with its type and length', async () => {
    const got = await ask(open(), { path });
    assert.equal(got.status, 200);
    assert.deepEqual(
      [got.headers['content-type'], got.headers['content-length'], got.headers['accept-ranges']],
      ['audio/wav', '1000', 'bytes'],
    );
    assert.deepEqual(Buffer.from(got.bytes), bytes);
  });

  const ranges: Readonly<
    Record<string, readonly [status: number, range: string | undefined, from: number, to: number]>
  > = {
    'bytes=1-100': [206, 'bytes 1-100/1000', 1, 101],
    'bytes=990-': [206, 'bytes 990-999/1000', 990, 1000],
    'bytes=-1': [206, 'bytes 999-999/1000', 999, 1000],
    'bytes=0-0,5-6': [200, undefined, 0, 1000],
  };
  for (const [range, [status, told, from, to]] of Object.entries(ranges)) {
    test(`asked for with ${range} is ${status}`, async () => {
      const got = await ask(open(), { path, headers: { range } });
      assert.deepEqual([got.status, got.headers['content-range']], [status, told]);
      assert.deepEqual(Buffer.from(got.bytes), bytes.subarray(from, to));
    });
  }

  test('asked for beyond its end is 416 and tells how long it is', async () => {
    const got = await ask(open(), { path, headers: { range: 'bytes=1000-' } });
    assert.deepEqual([got.status, got.headers['content-range']], [416, 'bytes */1000']);
    assert.equal(got.json<Failure>().status, 416);
    assert.match(got.json<Failure>().message, /1000 bytes/);
  });

  test('has its metadata beside it', async () => {
    const got = await ask(open(), { path: '/v1/objects/doc/content/acsmetadata' });
    assert.deepEqual([got.status, got.json()], [200, { chunkDocumentId: 'doc' }]);
  });

  test('may be asked for by its media type', async () => {
    for (const accept of ['audio/wav', '*/*', 'application/json'])
      assert.equal((await ask(open(), { path, headers: { accept } })).status, 200, accept);
  });

  test('of another resource, of another kind or unknown is 404 in the words that clients read', async () => {
    const missing = [
      { path, key: plainKey },
      { path: '/v1/objects/doc/content/video' },
      { path: '/v1/objects/other/content/audio' },
      { path: '/v1/objects/other', method: 'DELETE' },
    ] as const;
    for (const asked of missing) {
      const got = await ask(open(), asked);
      assert.deepEqual([got.status, got.json<Failure>().status, got.row], [404, 404, 'automation/404/8522']);
      assert.match(got.json<Failure>().message, /recording/);
      assert.equal(got.error.code, '8522');
    }
  });

  test('is gone after it was deleted', async () => {
    const door = open();
    assert.equal((await ask(door, { method: 'DELETE', path: '/v1/objects/doc', key: plainKey })).status, 404);
    const deleted = await ask(door, { method: 'DELETE', path: '/v1/objects/doc' });
    assert.deepEqual([deleted.status, deleted.text], [200, '']);
    assert.equal((await ask(door, { path })).status, 404);
    assert.equal((await ask(door, { method: 'DELETE', path: '/v1/objects/doc' })).status, 404);
  });

  test('that breaks off ends the connection short, and the log says why', async (t) => {
    const begun = Promise.withResolvers<void>();
    const door = open({
      recordingFiles: {
        ...files(),
        content: () => ({
          type: 'audio/wav',
          size: 1000,
          read: async function* () {
            yield bytes.subarray(0, 10);
            await begun.promise;
            throw new Error('the disk is gone');
          },
        }),
      },
    });
    t.after(() => door.server.stop(0));
    const { httpPort } = await door.server.start({ hosts: ['127.0.0.1'], httpPort: 0 });
    const url = new URL(`http://127.0.0.1:${httpPort}${path}`);
    const response = await fetch(url, { headers: sign({ method: 'GET', target: path, host: url.host }) });
    assert.equal(response.status, 200);
    begun.resolve();
    await assert.rejects(response.arrayBuffer());
    assert.match(String(door.bugs[0]), /the disk is gone/);
    assert.equal(door.server.underWay(), 0);
  });
});

describe('a download as the client signs it', () => {
  const date = new Date().toUTCString();
  const contentHash = createHash('sha256').update('').digest('base64');
  const storage = 'ringback.asm.skype.com:8443';

  /** For the resource's host and the path alone; sent to the storage host. */
  function headers(signedHost: string, signedPath = path): Record<string, string> {
    const text = `GET\n${signedPath}\n${date};${signedHost};${contentHash}`;
    const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
    return {
      host: storage,
      'x-ms-host': 'localhost:8443',
      originalurl: `https://${storage}${path}?session=1`,
      'x-ms-date': date,
      'x-ms-content-sha256': contentHash,
      authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
    };
  }

  test('is let in, with a query that was not signed', async () => {
    const got = await ask(open(), {
      path: `${path}?session=1`,
      unsigned: true,
      headers: headers('localhost:8443'),
    });
    assert.equal(got.status, 200, got.text);
  });

  test('is refused in its own words when it was signed for another host or path', async () => {
    for (const wrong of [
      headers('elsewhere:8443'),
      headers('localhost:8443', '/v1/objects/other/content/audio'),
    ]) {
      const got = await ask(open(), { path, unsigned: true, headers: wrong });
      assert.deepEqual([got.status, got.json<Failure>().status], [401, 401]);
      assert.ok(got.json<Failure>().message.length > 0);
    }
  });

  test('is a way in for recordings alone', async () => {
    const other = '/calling/callConnections/x?api-version=2026-03-12';
    for (const signedPath of [other, '/calling/callConnections/x']) {
      const signed = headers('localhost:8443', signedPath);
      assert.equal((await ask(open(), { path: other, unsigned: true, headers: signed })).status, 401);
    }
  });
});
