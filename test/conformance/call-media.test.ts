/** What is played to a phone, what it presses and hears, through the official client and real RTP. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type CallMediaRecognizeChoiceOptions,
  DtmfTone,
  type TextSource,
} from '@azure/communication-call-automation';
import { until } from '../../scenarios/stage/wait.ts';
import { resultOf } from '../peers/application.ts';
import { MediaStage, speech, them } from '../peers/media-stage.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { share, sine, wav } from '../peers/sound.ts';
import { reached } from '../peers/timeline.ts';
import { soundsOf } from '../peers/voice.ts';

let prompts: PromptServer;
let stage: MediaStage;

before(async () => {
  prompts = await PromptServer.open({
    'low.wav': wav(sine(440, 1)),
    'high.wav': wav(sine(1000, 1)),
    'brief.wav': wav(sine(440, 0.2)),
    'telephone.wav': wav(sine(440, 1, 8000), 8000),
  });
  stage = await MediaStage.open();
});
after(async () => {
  await stage[Symbol.asyncDispose]();
  await prompts[Symbol.asyncDispose]();
});

const file = (name: string) => prompts.file(name);

describe('play', () => {
  test('is heard by the phone, in order, and told from its first packet to its last', async () => {
    const { id, far, media } = await stage.call();
    await media.playToAll([file('low.wav'), file('high.wav')], { operationContext: 'welcome' });
    assert.equal((await stage.app.next('PlayStarted', id)).operationContext, 'welcome');
    assert.deepEqual(resultOf(await stage.app.next('PlayCompleted', id)), [200, 0]);
    const samples = soundsOf(far);
    assert.ok(Math.abs(samples.length - 16_000) < 1600, `${samples.length} samples sounded`);
    assert.ok(share(samples.subarray(800, 7200), 440) > 0.9);
    assert.ok(share(samples.subarray(8800, 15_200), 1000) > 0.9);
  });

  test('of what is no prompt fails and says what was found', async () => {
    const { id, media } = await stage.call();
    await media.playToAll([file('low.wav'), file('telephone.wav')]);
    const wrong = await stage.app.next('PlayFailed', id);
    assert.deepEqual(resultOf(wrong), [400, 8535]);
    assert.equal(wrong.failedPlaySourceIndex, 1);
    assert.match(wrong.resultInformation?.message ?? '', /8000 Hz/);
    await media.playToAll([file('none.wav')]);
    const absent = await stage.app.next('PlayFailed', id);
    assert.deepEqual(resultOf(absent), [400, 8536]);
    assert.match(absent.resultInformation?.message ?? '', /404/);
  });

  test('that loops goes on until it is cancelled', async () => {
    const { id, far, media } = await stage.call();
    await media.playToAll([file('brief.wav')], { loop: true });
    await stage.app.next('PlayStarted', id);
    await until('the prompt is heard more than twice', async () => {
      const { length } = soundsOf(far);
      return length > 4000 ? { is: true } : { notYet: `${length} samples sounded` };
    });
    await media.cancelAllOperations();
    assert.deepEqual(resultOf(await stage.app.next('PlayCanceled', id)), [400, 8508]);
  });

  test('waits for the one before it, unless it interrupts', async () => {
    const { id, far, media } = await stage.call();
    await media.playToAll([file('low.wav')], { operationContext: 'first' });
    await media.playToAll([file('brief.wav')], { operationContext: 'queued' });
    await stage.app.next('PlayStarted', id);
    await media.playToAll([file('high.wav')], { operationContext: 'now', interruptCallMediaOperation: true });
    const cut = [await stage.app.next('PlayCanceled', id), await stage.app.next('PlayCanceled', id)];
    assert.deepEqual(
      cut.map(({ operationContext }) => operationContext),
      ['first', 'queued'],
    );
    assert.equal((await stage.app.next('PlayCompleted', id)).operationContext, 'now');
    assert.ok(share(soundsOf(far).subarray(-7200), 1000) > 0.9);
  });

  test('under a cache id fetches its file once', async () => {
    const { id, media } = await stage.call();
    const asked = prompts.asked.length;
    for (const _ of [1, 2]) {
      await media.playToAll([{ ...file('brief.wav'), playSourceCacheId: 'greeting' }]);
      await stage.app.next('PlayCompleted', id);
    }
    assert.deepEqual(prompts.asked.slice(asked), ['brief.wav']);
  });

  test('of a text is spoken by the embedded voice', async () => {
    const { id, far, media } = await stage.call(undefined, speech);
    const said: TextSource = { kind: 'textSource', text: 'Good morning.', voiceName: 'en-US-JennyNeural' };
    await media.playToAll([said]);
    await stage.app.next('PlayCompleted', id);
    assert.ok(soundsOf(far).length > 3000);
  });
});

describe('recognise', () => {
  const keys = {
    kind: 'callMediaRecognizeDtmfOptions',
    maxTonesToCollect: 2,
    interToneTimeoutInSeconds: 3,
    initialSilenceTimeoutInSeconds: 7,
  } as const;

  test('collects the keys that are pressed', async () => {
    const { id, far, media } = await stage.call();
    await media.startRecognizing(them, { ...keys, playPrompt: file('low.wav'), interruptPrompt: true });
    await reached(stage.ready, id, /first packet of the prompt/);
    for (const key of '42') far.rtp.press(far.server, key);
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.deepEqual(resultOf(done), [200, 8531]);
    assert.deepEqual(done.dtmfResult?.tones, ['four', 'two']);
    assert.ok(soundsOf(far).length < 7000, 'the prompt was cut short');
  });

  test('counts keys of a prompt that goes on, once it is over', async () => {
    const { id, far, media } = await stage.call();
    await media.startRecognizing(them, { ...keys, playPrompt: file('low.wav'), interruptPrompt: false });
    await reached(stage.ready, id, /first packet of the prompt/);
    for (const key of '42') far.rtp.press(far.server, key);
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.deepEqual(done.dtmfResult?.tones, ['four', 'two']);
    assert.ok(soundsOf(far).length > 7000, 'all of the prompt was heard');
  });

  test('stops at a stop tone, which is not part of what was collected', async () => {
    const { id, far, media } = await stage.call();
    await media.startRecognizing(them, { ...keys, maxTonesToCollect: 9, stopDtmfTones: [DtmfTone.Pound] });
    for (const key of '7#') far.rtp.press(far.server, key);
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.deepEqual(resultOf(done), [200, 8514]);
    assert.deepEqual(done.dtmfResult?.tones, ['seven']);
  });

  test('gives up when nobody presses, and when nobody goes on', async () => {
    const { id, far, media } = await stage.call();
    await media.startRecognizing(them, keys);
    await stage.server.clock.advance('7s');
    assert.deepEqual(resultOf(await stage.app.next('RecognizeFailed', id)), [400, 8510]);
    await media.startRecognizing(them, keys);
    far.rtp.press(far.server, '4');
    await reached(stage.ready, id, /^key 4/);
    await stage.server.clock.advance('3s');
    assert.deepEqual(resultOf(await stage.app.next('RecognizeFailed', id)), [400, 8532]);
  });

  test('of choices takes the key of one, and refuses another', async () => {
    const { id, far, media } = await stage.call();
    const choices: CallMediaRecognizeChoiceOptions = {
      kind: 'callMediaRecognizeChoiceOptions',
      choices: [
        { label: 'Sales', phrases: ['sales'], tone: DtmfTone.One },
        { label: 'Support', phrases: ['support'], tone: DtmfTone.Two },
      ],
    };
    await media.startRecognizing(them, choices);
    far.rtp.press(far.server, '2');
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.deepEqual(resultOf(done), [200, 8533]);
    assert.equal(done.choiceResult?.label, 'Support');
    await media.startRecognizing(them, choices);
    far.rtp.press(far.server, '3');
    assert.deepEqual(resultOf(await stage.app.next('RecognizeFailed', id)), [500, 8534]);
  });

  test('with a prompt that cannot be had fails with its index', async () => {
    const { id, media } = await stage.call();
    await media.startRecognizing(them, {
      ...keys,
      playPrompts: [file('brief.wav'), file('none.wav')],
    });
    const failed = await stage.app.next('RecognizeFailed', id);
    assert.deepEqual(resultOf(failed), [500, 8511]);
    assert.equal(failed.failedPlaySourceIndex, 1);
  });
});

test('keys that are sent arrive as RFC 4733 events, each once', async () => {
  const { id, far, media } = await stage.call();
  await media.sendDtmfTones(['one', 'two', 'pound'], them);
  assert.deepEqual(resultOf(await stage.app.next('SendDtmfTonesCompleted', id)), [200, 0]);
  const marked = far.rtp.heard.filter(({ payloadType, marker }) => payloadType === 101 && marker);
  assert.deepEqual(
    marked.map(({ payload }) => payload[0]),
    [1, 2, 11],
  );
});

test('continuous recognition tells every key, beside a recognise that takes them too', async () => {
  const { id, far, media } = await stage.call();
  await media.startContinuousDtmfRecognition(them, { operationContext: 'all keys' });
  await media.startRecognizing(them, { kind: 'callMediaRecognizeDtmfOptions', maxTonesToCollect: 2 });
  for (const key of '9*') far.rtp.press(far.server, key);
  const told = [
    await stage.app.next('ContinuousDtmfRecognitionToneReceived', id),
    await stage.app.next('ContinuousDtmfRecognitionToneReceived', id),
  ];
  assert.deepEqual(
    told.map(({ tone, sequenceId, operationContext }) => [tone, sequenceId, operationContext]),
    [
      ['nine', 1, 'all keys'],
      ['asterisk', 2, 'all keys'],
    ],
  );
  assert.deepEqual((await stage.app.next('RecognizeCompleted', id)).dtmfResult?.tones, ['nine', 'asterisk']);
  await media.stopContinuousDtmfRecognition(them, { operationContext: 'enough' });
  const stopped = await stage.app.next('ContinuousDtmfRecognitionStopped', id);
  assert.equal(stopped.operationContext, 'enough');
});
