import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Recognition, SpeechFailure, SpeechPort } from '../app/ports/speech.ts';
import { FolderBlobs } from '../edge/blobs/folder-blobs.ts';
import { bytesOf } from '../wire/wav/wav.ts';
import { type StreamParts, streamServices } from './streams.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-streams-'));
});
after(() => rm(folder, { recursive: true }));

interface Production {
  readonly profile: StreamParts['config']['profile'];
  readonly allow: readonly string[];
}

const open = (
  { profile = 'development', allow = [] }: Partial<Production> = {},
  parts: Partial<StreamParts> = {},
) =>
  streamServices({
    config: {
      profile,
      allowHttpCallbacks: true,
      outbound: { allow, caFile: undefined, answerWithin: 1000 },
    },
    ca: 'the local CA',
    signing: { callbackToken: async (resourceId) => `token of ${resourceId}` },
    blobs: new FolderBlobs(folder),
    speechOf: () => undefined,
    ...parts,
  });

const resolving = (...addresses: readonly string[]): Partial<StreamParts> => ({
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});

describe('the address of a stream', () => {
  test('is resolved once, and comes with the local CA', async () => {
    const { resolve } = open({}, resolving('203.0.113.7', '2001:db8::7'));
    assert.deepEqual(await resolve('wss://application.example/x'), {
      addresses: ['203.0.113.7', '2001:db8::7'],
      roots: ['the local CA'],
    });
  });

  test('is guarded like that of a callback, each of it', async () => {
    const production = open({ profile: 'production' }, resolving('203.0.113.7', '10.0.0.1'));
    const forbidden = await production.resolve('wss://application.example');
    assert.match(JSON.stringify(forbidden), /forbidden.*10\.0\.0\.1 is private.*outbound\.allow/);
    for (const [url, why] of [
      ['wss://169.254.169.254/', /metadata/],
      ['wss://[fe80::1]/', /link-local/],
      ['ws://192.168.1.1/', /loopback only/],
      ['https://203.0.113.7/', /wss URL/],
      ['nonsense', /wss URL/],
    ] as const)
      assert.match(JSON.stringify(await open().resolve(url)), why, url);
    const listed = open({ profile: 'production', allow: ['10.0.0.0/8'] }, resolving('10.0.0.1'));
    assert.ok('addresses' in (await listed.resolve('wss://application.example')));
    assert.ok('addresses' in (await open().resolve('ws://[::1]:8080/')));
  });

  test('may be that of nobody', async () => {
    assert.match(JSON.stringify(await open({}, resolving()).resolve('wss://nobody.example')), /no address/);
    assert.match(
      JSON.stringify(await open().resolve('wss://nobody.invalid')),
      /unresolvable.*nobody\.invalid/,
    );
  });
});

test('a stream carries the token of the callbacks of its resource', async () => {
  assert.equal(await open().authorization('resource'), 'token of resource');
});

describe('what was said', () => {
  const understood = async (found: Recognition | SpeechFailure | undefined): Promise<unknown> => {
    const blobs = new FolderBlobs(folder);
    await blobs.put('utterance-1', bytesOf(Int16Array.from([1, 2, 3])));
    const speech: SpeechPort = {
      synthesise: async () => assert.fail('nobody is to speak'),
      recognise: async ({ audio, locale, phrases }) => {
        assert.deepEqual([[...audio], locale, phrases], [[1, 2, 3], 'en-GB', undefined]);
        return found ?? { kind: 'silence' };
      },
    };
    const { transcribe } = open({}, { blobs, speechOf: () => (found ? speech : undefined) });
    const about = { resourceId: 'resource', speechEndpoint: 'https://speech.example', locale: 'en-GB' };
    const said = await transcribe({ ...about, utterance: 'utterance-1' });
    assert.deepEqual(await readdir(folder), []);
    return said;
  };

  test('is understood, or nothing was', async () => {
    assert.deepEqual(await understood({ kind: 'text', text: 'hello', confidence: 0.5 }), {
      heard: 'words',
      text: 'hello',
      confidence: 0.5,
    });
    assert.deepEqual(await understood({ kind: 'text', text: 'hello' }), { heard: 'words', text: 'hello' });
    assert.deepEqual(await understood({ kind: 'silence' }), { heard: 'nothing' });
    assert.deepEqual(await understood({ kind: 'no-match' }), { heard: 'nothing' });
  });

  test('or the speech service failed, and how', async () => {
    const failed = (because: SpeechFailure['because']) =>
      understood({ kind: 'failed', because, detail: 'why' });
    assert.deepEqual(await failed('authentication'), { fault: 'unauthenticated', why: 'why' });
    assert.deepEqual(await failed('connection'), { fault: 'speech-unreachable', why: 'why' });
    assert.deepEqual(await failed('timeout'), { fault: 'timed-out', why: 'why' });
    assert.match(JSON.stringify(await understood(undefined)), /speech-unreachable.*no such speech service/);
  });
});
