/** Prompts that cannot be had or are no prompts: the row that each gets, and what its message says. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { CallMedia } from '@azure/communication-call-automation';
import { resultOf } from '../peers/application.ts';
import { MediaStage } from '../peers/media-stage.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { sine, wav } from '../peers/sound.ts';

const good = wav(sine(440, 0.1));
/** A good file with some bytes of its header replaced. */
const changed = (at: number, bytes: readonly number[]): Buffer => {
  const file = Buffer.from(good);
  file.set(bytes, at);
  return file;
};
const uint32 = (value: number): readonly number[] => [...Buffer.from(Uint32Array.of(value).buffer)];

const unfetched = [400, 8536] as const;
const noPrompt = [400, 8535] as const;

/** Fields of a WAV header: RIFF tag 0, size of the format 16, encoding 20, channels 22, rate 24, bits 34, data 36. */
const answers: Readonly<
  Record<string, readonly [answer: Buffer | RequestListener, row: readonly [number, number], says: RegExp]>
> = {
  'a page instead of a sound': [
    Buffer.from('<!doctype html><p>Not here.'),
    noPrompt,
    /a text \(HTML or XML\)/,
  ],
  'nothing at all': [Buffer.alloc(0), noPrompt, /0 bytes/],
  'an MP3': [Buffer.from('ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000'), noPrompt, /MP3/],
  'a header without an end': [good.subarray(0, 20), noPrompt, /truncated fmt chunk/],
  'a header of another kind': [changed(0, [...Buffer.from('RIFX')]), noPrompt, /RIFX/],
  'data that are cut off': [good.subarray(0, -2), noPrompt, /truncated data chunk/],
  'a format that goes on for 4 GB': [changed(16, uint32(0xffff_ffff)), noPrompt, /truncated fmt chunk/],
  'no data': [changed(36, [...Buffer.from('junk')]), noPrompt, /no data chunk/],
  '8 kHz': [wav(sine(440, 0.1, 8000), 8000), noPrompt, /8000 Hz/],
  '44.1 kHz': [wav(sine(440, 0.1, 44_100), 44_100), noPrompt, /44100 Hz/],
  'an odd sample rate': [changed(24, uint32(16_001)), noPrompt, /16001 Hz/],
  'a sample rate of zero': [changed(24, uint32(0)), noPrompt, /found 0 Hz/],
  stereo: [changed(22, [2, 0]), noPrompt, /stereo/],
  '8 bits': [changed(34, [8, 0]), noPrompt, /8-bit/],
  'A-law': [changed(20, [6, 0]), noPrompt, /A-law/],
  '500': [(_, response) => void response.writeHead(500).end(), unfetched, /500/],
  '302 to a good file': [
    (_, response) => void response.writeHead(302, { location: '/good.wav' }).end(),
    unfetched,
    /302/,
  ],
  'no answer but the end of the connection': [
    (request) => void request.socket.destroy(),
    unfetched,
    /closed the connection/,
  ],
  'less than the length that it tells': [
    (_, response) => {
      response.writeHead(200, { 'content-length': good.length + 1000 }).write(good);
      setImmediate(() => response.destroy());
    },
    unfetched,
    /closed the connection/,
  ],
  'more than a prompt may have, without an end': [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' });
      const block = Buffer.alloc(1 << 20);
      const more = (): void => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', more).on('error', () => response.destroy());
      more();
    },
    unfetched,
    /larger than/,
  ],
};

/** Slow ones end by a limit of ours, which is wall time: they begin first and are looked at last. */
const slow: Readonly<Record<string, RequestListener>> = {
  'never answers': () => {},
  'sends a byte now and then': (_, response) => {
    response.writeHead(200, { 'content-length': good.length });
    let sent = 0;
    const timer = setInterval(() => response.write(good.subarray(sent, ++sent)), 100);
    response.on('close', () => clearInterval(timer));
  },
};

let prompts: PromptServer;
let stage: MediaStage;
const slowCalls = new Map<string, string>();
let id: string;
let media: CallMedia;

before(async () => {
  const named = Object.entries(answers).map(([name, [answer]]) => [name, answer] as const);
  prompts = await PromptServer.open(
    Object.fromEntries([
      ...named.map(([name, answer]) => [encodeURIComponent(name), answer]),
      ...Object.entries(slow).map(([name, answer]) => [encodeURIComponent(name), answer]),
      ['good.wav', good],
      [
        'typed-wrongly',
        ((_, response) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).end(good)) satisfies RequestListener,
      ],
    ]),
  );
  stage = await MediaStage.open();
  for (const name of Object.keys(slow)) {
    const talk = await stage.call();
    await talk.media.playToAll([prompts.file(encodeURIComponent(name))]);
    slowCalls.set(name, talk.id);
  }
  ({ id, media } = await stage.call());
});
after(async () => {
  await stage[Symbol.asyncDispose]();
  await prompts[Symbol.asyncDispose]();
});

async function refused(row: readonly number[], says: RegExp, of = id): Promise<void> {
  const { failedPlaySourceIndex, resultInformation, ...event } = await stage.app.next('PlayFailed', of);
  assert.deepEqual(resultOf({ ...event, resultInformation } as never), row);
  assert.match(resultInformation?.message ?? '', says);
  assert.equal(failedPlaySourceIndex, 0);
}

describe('a prompt whose address gives', () => {
  for (const [name, [, row, says]] of Object.entries(answers)) {
    test(`${name}: ${row.join('/')}`, async () => {
      await media.playToAll([prompts.file(encodeURIComponent(name))]);
      await refused(row, says);
    });
  }

  test('a good file that is called a page is played: what counts is what it is', async () => {
    await media.playToAll([prompts.file('typed-wrongly')]);
    assert.deepEqual(resultOf(await stage.app.next('PlayCompleted', id)), [200, 0]);
  });
});

describe('a prompt at an address', () => {
  for (const [what, url, says] of [
    ['where nobody listens', 'http://127.0.0.1:1/prompt.wav', /refused/i],
    ['of the metadata of a cloud', 'http://169.254.169.254/latest/meta-data', /169\.254/],
    ['beyond loopback without TLS', 'http://192.0.2.1/prompt.wav', /http|TLS/],
  ] as const) {
    test(`${what}: 400/8536`, async () => {
      await media.playToAll([{ kind: 'fileSource', url }]);
      await refused(unfetched, says);
    });
  }

  for (const url of ['file:///etc/hostname', 'prompt.wav', '', 'http://user:secret@127.0.0.1/prompt.wav']) {
    test(`${JSON.stringify(url)} is refused at once: 400/8523`, async () => {
      await assert.rejects(media.playToAll([{ kind: 'fileSource', url }]), {
        statusCode: 400,
        code: '8523',
      });
    });
  }
});

for (const name of Object.keys(slow)) {
  test(`a prompt whose server ${name} is given up, and the call goes on: 400/8536`, async () => {
    const slowCall = slowCalls.get(name) ?? '';
    await refused(unfetched, /within 10 s/, slowCall);
    await stage.media(slowCall).playToAll([prompts.file('good.wav')]);
    assert.deepEqual(resultOf(await stage.app.next('PlayCompleted', slowCall)), [200, 0]);
  });
}

test('a prompt that is being fetched when its call is hung up is forgotten', async () => {
  const talk = await stage.call();
  await talk.media.playToAll([prompts.file(encodeURIComponent('never answers'))]);
  await stage.hangUp(talk.id);
  assert.deepEqual(stage.app.stream(talk.id).slice(-2), ['PlayCanceled', 'CallDisconnected']);
});
