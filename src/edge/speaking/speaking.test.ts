import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type {
  Recognition,
  RecognitionRequest,
  Speech,
  SpeechFailure,
  SpeechFailureKind,
  SpeechPort,
  SynthesisRequest,
} from '../../app/ports/speech.ts';
import type { SpeakingEvent } from '../../app/ports/speech-services.ts';
import type { PromptSource } from '../../domain/media/operation.ts';
import { wavHeader } from '../../wire/wav/growing-wav.ts';
import { bytesOf, samplesOf } from '../../wire/wav/wav.ts';
import { FolderBlobs } from '../blobs/folder-blobs.ts';
import { QuietWatch } from '../clock/quiet-watch.ts';
import { Prompts } from './prompts.ts';
import { Speaking, type SpeakingOptions } from './speaking.ts';

const samples = Int16Array.from({ length: 320 }, (_, n) => n);
const other = Int16Array.from({ length: 320 }, (_, n) => -n);
const wav = (of: Int16Array, sampleRate = 16_000): Uint8Array =>
  Buffer.concat([wavHeader({ channels: 1, sampleRate }, of.length * 2), bytesOf(of)]);

/** A speech service that says and understands what a test wants. */
class Service implements SpeechPort {
  readonly asked: (SynthesisRequest | RecognitionRequest)[] = [];
  says: () => Speech | SpeechFailure = () => ({ kind: 'speech', samples, ignored: [] });
  hears: () => Recognition | SpeechFailure = () => ({ kind: 'silence' });

  async synthesise(request: SynthesisRequest): Promise<Speech | SpeechFailure> {
    this.asked.push(request);
    return this.says();
  }

  async recognise(request: RecognitionRequest): Promise<Recognition | SpeechFailure> {
    this.asked.push(request);
    return this.hears();
  }
}

async function open(t: TestContext, options: Partial<SpeakingOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-speaking-'));
  t.after(() => rm(folder, { recursive: true }));
  const blobs = new FolderBlobs(folder);
  const quiet = new QuietWatch();
  const service = new Service();
  const told: SpeakingEvent[] = [];
  const bugs: unknown[] = [];
  const fetched: string[] = [];
  const speaking = new Speaking({
    blobs,
    quiet,
    fetchFile: async (url) => {
      fetched.push(url);
      const found = { '/a': wav(samples), '/b': wav(other), '/telephone': wav(samples, 8000) }[
        new URL(url).pathname
      ];
      return found ? { bytes: found } : { failed: 'GET answered 404' };
    },
    speechOf: (resourceId, endpoint) =>
      resourceId === 'res' && endpoint === 'https://speech.example/' ? service : undefined,
    onEvent: (event) => told.push(event),
    failed: (error) => bugs.push(error),
    ...options,
  });
  const prepared = async (...sources: readonly PromptSource[]) => {
    speaking.prepare({
      ...{ callId: 'call', operationId: 'op', resourceId: 'res', sources },
      speechEndpoint: 'https://speech.example/',
    });
    assert.deepEqual(await quiet.settled(5000), []);
    return told.at(-1)?.event;
  };
  const understood = async (changes: object = {}) => {
    await blobs.put('utterance-op', bytesOf(samples));
    speaking.understand({
      ...{ callId: 'call', operationId: 'op', resourceId: 'res', utterance: 'utterance-op', locale: 'en-GB' },
      ...{ speechEndpoint: 'https://speech.example/', ...changes },
    });
    assert.deepEqual(await quiet.settled(5000), []);
    const event = told.at(-1)?.event;
    assert.ok(event?.kind === 'understood', JSON.stringify(event));
    return event.speech;
  };
  return { blobs, quiet, service, told, bugs, fetched, speaking, prepared, understood };
}

const file = (path: string, cacheId?: string): PromptSource => ({
  ...{ kind: 'file', uri: `https://prompts.example${path}` },
  ...(cacheId === undefined ? {} : { cacheId }),
});
const text = (said: string): PromptSource => ({
  kind: 'text',
  text: said,
  voice: { locale: 'en-GB', name: 'v' },
});

describe('prompts', () => {
  test('are fetched and spoken, in order, and kept as samples', async (t) => {
    const { prepared, blobs, service, speaking } = await open(t);
    const ready = await prepared(file('/b'), text('Hello'), { kind: 'ssml', ssml: '<speak>Hi</speak>' });
    assert.ok(ready?.kind === 'prompts-ready');
    const [first = '', second = '', third = ''] = ready.prompts;
    assert.deepEqual(samplesOf((await blobs.get(first))!), other);
    assert.deepEqual(samplesOf((await blobs.get(second))!), samples);
    assert.equal(second, third, 'the same sound is kept once');
    assert.deepEqual(service.asked, [
      { said: { kind: 'text', text: 'Hello' }, locale: 'en-GB', voiceName: 'v' },
      { said: { kind: 'ssml', ssml: '<speak>Hi</speak>' } },
    ]);
    assert.equal(speaking.busy, 0);
  });

  test('with a cache id are fetched once, as long as they are there, for each resource', async (t) => {
    const { prepared, fetched, blobs } = await open(t);
    await prepared(file('/a', 'welcome'));
    // Whatever it is called now: the id names what was fetched under it.
    const ready = await prepared(file('/b', 'welcome'));
    assert.equal(fetched.length, 1);
    assert.ok(ready?.kind === 'prompts-ready');
    await blobs.remove(ready.prompts[0]!);
    await prepared(file('/a', 'welcome'));
    await prepared(file('/a'), file('/a'));
    assert.equal(fetched.length, 4);
  });

  test('are kept on disk up to a number, the one not asked for the longest goes first', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'ringback-prompts-'));
    t.after(() => rm(folder, { recursive: true }));
    const blobs = new FolderBlobs(folder);
    const sounds = [1, 2, 3].map((level) => new Int16Array(320).fill(level));
    const prompts = new Prompts({
      blobs,
      kept: 2,
      fetchFile: async (url) => ({ bytes: wav(sounds[Number(new URL(url).pathname.slice(1))] ?? samples) }),
    });
    const prepare = async (n: number): Promise<string> => {
      const source = { kind: 'file', uri: `https://files.example/${n}` } as const;
      const { signal } = new AbortController();
      const made = await prompts.prepare({ source, resourceId: 'res', speech: undefined, signal });
      return 'prompt' in made ? made.prompt : made.why;
    };
    const [first, second] = [await prepare(0), await prepare(1)];
    await prepare(0);
    const third = await prepare(2);
    assert.deepEqual(new Set(await blobs.names()), new Set([first, third]));
    assert.ok(!(await blobs.names()).includes(second));
    await prompts.clear();
    assert.deepEqual(await blobs.names(), []);
  });

  test('are forgotten when there are too many of them, the oldest first', async (t) => {
    const { blobs } = await open(t);
    let asked = 0;
    const prompts = new Prompts({
      blobs,
      cached: 2,
      fetchFile: async () => {
        asked++;
        return { bytes: wav(samples) };
      },
    });
    const { signal } = new AbortController();
    const prepare = (cacheId: string) =>
      prompts.prepare({ source: file('/a', cacheId), resourceId: 'res', speech: undefined, signal });
    for (const cacheId of ['one', 'two', 'three', 'three', 'two', 'one']) await prepare(cacheId);
    assert.equal(asked, 4);
  });

  for (const [what, source, fault, why] of [
    ['that is not there', file('/none'), 'unfetched', /404/],
    ['in another format', file('/telephone'), 'wrong-format', /expected WAV.*found.*8000 Hz/],
    ['of no text', text(' \n'), 'empty', /no text/],
    ['of SSML that says nothing', { kind: 'ssml', ssml: '<speak> <break/></speak>' }, 'empty', /no text/],
  ] as const) {
    test(`with one ${what} fail by its index`, async (t) => {
      const failed = await (await open(t)).prepared(file('/a'), source, file('/none'));
      assert.ok(failed?.kind === 'prompt-failed');
      assert.deepEqual([failed.index, failed.fault], [1, fault]);
      assert.match(failed.why, why);
    });
  }

  test('of text need a speech service of the resource', async (t) => {
    const { speaking, told, quiet } = await open(t);
    for (const about of [{}, { speechEndpoint: 'https://another.example/' }]) {
      const operation = { callId: 'call', operationId: 'op', resourceId: 'res', ...about };
      speaking.prepare({ ...operation, sources: [text('Hello')] });
      await quiet.settled(5000);
      const event = told.at(-1)?.event;
      assert.ok(event?.kind === 'prompt-failed');
      assert.equal(event.fault, 'not-linked');
    }
  });

  test('of an operation that is forgotten are told to nobody', async (t) => {
    let aborted = false;
    const { speaking, told, quiet } = await open(t, {
      fetchFile: (_url, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve({ failed: 'aborted' });
          });
        }),
    });
    speaking.prepare({ callId: 'call', operationId: 'op', resourceId: 'res', sources: [file('/a')] });
    assert.equal(speaking.busy, 1);
    speaking.forget('op');
    speaking.forget('op');
    assert.deepEqual(await quiet.settled(5000), []);
    assert.deepEqual([aborted, told, speaking.busy], [true, [], 0]);
  });

  test('whose making breaks fail, and the bug is told', async (t) => {
    const { prepared, bugs } = await open(t, {
      fetchFile: async () => {
        throw new Error('a bug');
      },
    });
    const failed = await prepared(file('/a'));
    assert.ok(failed?.kind === 'prompt-failed');
    assert.deepEqual([failed.fault, failed.why, bugs.length], ['internal', 'a bug', 1]);
  });
});

describe('an utterance', () => {
  test('is understood with the phrases that may have been said, and removed', async (t) => {
    const { understood, service, blobs } = await open(t);
    service.hears = () => ({ kind: 'phrase', phrase: 'yes', confidence: 0.8 });
    const choices = [{ label: 'Yes', phrases: ['yes', 'sure'] }];
    assert.deepEqual(await understood({ choices }), { heard: 'words', text: 'yes', confidence: 0.8 });
    assert.deepEqual(service.asked, [{ audio: samples, locale: 'en-GB', phrases: ['yes', 'sure'] }]);
    assert.deepEqual(await blobs.names(), []);
  });

  test('is words, silence, or nothing that makes words', async (t) => {
    const { understood, service } = await open(t);
    service.hears = () => ({ kind: 'text', text: 'hello' });
    assert.deepEqual(await understood({ choices: [] }), { heard: 'words', text: 'hello' });
    assert.equal('phrases' in service.asked[0]!, false);
    service.hears = () => ({ kind: 'silence' });
    assert.deepEqual(await understood(), { heard: 'silence' });
    service.hears = () => ({ kind: 'no-match' });
    assert.deepEqual(await understood(), { heard: 'nothing-understood' });
  });

  test('that is not understood says whose fault it is', async (t) => {
    const { understood, service } = await open(t);
    const faultOf = async (because: SpeechFailureKind) => {
      service.hears = () => ({ kind: 'failed', because, detail: 'why' });
      const speech = await understood();
      return 'fault' in speech ? [speech.fault, speech.why] : [];
    };
    assert.deepEqual(await faultOf('throttled'), ['throttled', 'why']);
    assert.deepEqual(await faultOf('timeout'), ['timed-out', 'why']);
    assert.deepEqual(await faultOf('authentication'), ['unauthenticated', 'why']);
    assert.deepEqual(await faultOf('empty'), ['internal', 'why']);
  });

  test('without a service is not understood, and is removed all the same', async (t) => {
    const { understood, blobs } = await open(t);
    const speech = await understood({ speechEndpoint: 'https://another.example/' });
    assert.ok('fault' in speech && speech.fault === 'not-linked');
    assert.deepEqual(await blobs.names(), []);
  });

  test('always has an end, even where understanding it breaks', async (t) => {
    const { understood, service, bugs } = await open(t);
    service.hears = () => {
      throw new Error('a bug');
    };
    assert.deepEqual(await understood(), { fault: 'internal', why: 'a bug' });
    assert.equal(bugs.length, 1);
  });
});
