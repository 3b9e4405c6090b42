/** Who hears whom in a call of several phones: everybody the others, nobody themselves; prompts, hold and mute. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { phone, resultOf } from '../peers/application.ts';
import { MediaStage } from '../peers/media-stage.ts';
import type { LinePhone } from '../peers/phone-line.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { narrow, share, sine, wav } from '../peers/sound.ts';
import { lately, type Speech, speak } from '../peers/voice.ts';

const anna = '+15551110001';
const boris = '+15551110002';
const clara = '+15551110003';
/** What each says, and what is played: no tone is a harmonic of another. */
const tones = { [anna]: 500, [boris]: 730, [clara]: 1130 };
const promptHz = 1900;
const musicHz = 2600;

let prompts: PromptServer;
let stage: MediaStage;
const speaking: Speech[] = [];
let said: string | undefined;

before(async () => {
  prompts = await PromptServer.open({
    'prompt.wav': wav(sine(promptHz, 1.5)),
    'music.wav': wav(sine(musicHz, 0.5)),
  });
  stage = await MediaStage.open();
});
afterEach(async () => {
  for (const speech of speaking.splice(0)) speech.stop();
  if (said !== undefined) await stage.hangUp(said);
  said = undefined;
});
after(async () => {
  await stage[Symbol.asyncDispose]();
  await prompts[Symbol.asyncDispose]();
});

/** Each tone that is a real part of the last half second that this phone heard. */
function tonesOf(far: LinePhone): readonly number[] {
  const samples = lately(far, 0.5);
  const all = [...Object.values(tones), promptHz, musicHz];
  return samples.length < 0.5 * narrow ? [] : all.filter((hz) => share(samples, hz) > 0.05);
}

/** Waits until each phone hears exactly these. */
async function hear(expected: ReadonlyMap<LinePhone, readonly number[]>): Promise<void> {
  await until('everybody hears whom they should', async () => {
    const wrong = [...expected].filter(([far, hz]) => String(tonesOf(far)) !== String(hz));
    if (wrong.length === 0) return { is: undefined };
    return {
      notYet: wrong.map(([far, hz]) => `${far.number} hears ${tonesOf(far)} Hz, not ${hz}`).join('; '),
    };
  });
}

async function threeTalk() {
  const { phones, ...call } = await stage.conference(anna, boris, clara);
  said = call.id;
  for (const far of phones) {
    const hz = tones[far.number as keyof typeof tones];
    speaking.push(speak(far, sine(hz, 1, narrow, 5000), { again: true }));
  }
  const [a, b, c] = phones;
  const usual = new Map<LinePhone, readonly number[]>([
    [a, [tones[boris], tones[clara]]],
    [b, [tones[anna], tones[clara]]],
    [c, [tones[anna], tones[boris]]],
  ]);
  await hear(usual);
  return { ...call, a, b, c, usual };
}

describe('three phones in a call', () => {
  test('hear the two others each, and not themselves; a prompt to all is heard by all', async () => {
    const { id, media, usual } = await threeTalk();
    await media.playToAll([prompts.file('prompt.wav')]);
    await hear(new Map([...usual].map(([far, hz]) => [far, [...hz, promptHz]])));
    assert.deepEqual(resultOf(await stage.app.next('PlayCompleted', id)), [200, 0]);
    await hear(usual);
  });

  test('a prompt to one is heard by that one', async () => {
    const { id, media, b, usual } = await threeTalk();
    await media.play([prompts.file('prompt.wav')], [phone(boris)], { operationContext: 'whisper' });
    await hear(new Map([...usual, [b, [tones[anna], tones[clara], promptHz]]]));
    assert.equal((await stage.app.next('PlayCompleted', id)).operationContext, 'whisper');
    await hear(usual);
  });

  test('one on hold hears the music alone, and is heard by nobody, until it is fetched back', async () => {
    const { media, a, b, c, usual } = await threeTalk();
    await media.hold(phone(clara), { playSource: prompts.file('music.wav') });
    await hear(
      new Map([
        [a, [tones[boris]]],
        [b, [tones[anna]]],
        [c, [musicHz]],
      ]),
    );
    await media.unhold(phone(clara));
    await hear(usual);
  });

  test('one on hold without music hears nothing', async () => {
    const { media, a, b, c } = await threeTalk();
    await media.hold(phone(clara));
    await hear(
      new Map([
        [a, [tones[boris]]],
        [b, [tones[anna]]],
        [c, []],
      ]),
    );
  });

  test('keys that one presses are recognised while the others talk', async () => {
    const { id, media, b } = await threeTalk();
    await media.startRecognizing(phone(boris), {
      kind: 'callMediaRecognizeDtmfOptions',
      maxTonesToCollect: 1,
    });
    b.rtp.press(b.server, '8');
    assert.deepEqual((await stage.app.next('RecognizeCompleted', id)).dtmfResult?.tones, ['eight']);
  });

  test('the one who hangs up is heard no longer, and the others go on', async () => {
    const { a, b, c } = await threeTalk();
    c.hangUp();
    await hear(
      new Map([
        [a, [tones[boris]]],
        [b, [tones[anna]]],
      ]),
    );
  });
});

describe('two phones in a call', () => {
  test('get the very bytes that the other one sends, while nothing else is in the call', async () => {
    const { id, media, phones } = await stage.conference(anna, boris);
    said = id;
    const [a, b] = phones;
    // G.711 has two zeroes: this one is never made by coding samples.
    const bytes = Uint8Array.from({ length: 160 }, (_, i) => (i % 2 === 0 ? 0x7f : i));
    const arrived = (): boolean => b.payloads().some((payload) => Buffer.from(payload).equals(bytes));
    const sayIt = (): Promise<void> => {
      const before = b.rtp.heard.length;
      return until('the bytes arrive', async () => {
        a.rtp.say(a.server, { payload: bytes });
        const since = b.rtp.heard.slice(before).map(({ payload }) => payload);
        return since.some((payload) => Buffer.from(payload).equals(bytes))
          ? { is: undefined }
          : { notYet: `${since.length} other packets came` };
      });
    };
    assert.equal(arrived(), false);
    await sayIt();
    await media.playToAll([prompts.file('music.wav')]);
    await stage.app.next('PlayCompleted', id);
    // And again once the prompt is over.
    await sayIt();
  });

  test('are forwarded while neither is recorded, and mixed while they are', async () => {
    const { id, serverCallId, phones } = await stage.conference(anna, boris);
    said = id;
    const [a, b] = phones;
    speaking.push(speak(a, sine(tones[anna], 1, narrow, 5000), { again: true }));
    speaking.push(speak(b, sine(tones[boris], 1, narrow, 5000), { again: true }));
    const both = new Map([
      [a, [tones[boris]]],
      [b, [tones[anna]]],
    ]);
    await hear(both);
    const recordings = stage.app.client.getCallRecording();
    const { recordingId } = await recordings.start({
      callLocator: { kind: 'serverCallLocator', id: serverCallId },
      recordingContent: 'audio',
      recordingFormat: 'wav',
      recordingChannel: 'mixed',
    });
    await stage.app.next('RecordingStateChanged');
    await hear(both);
    await recordings.stop(recordingId);
    await stage.app.next('RecordingStateChanged');
    await hear(both);
  });
});
