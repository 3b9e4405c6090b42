/** Choices that a caller makes by saying them: a phone whose words are made by the embedded voice and sent as RTP. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type {
  CallMediaRecognizeChoiceOptions,
  CallMediaRecognizeSpeechOrDtmfOptions,
} from '@azure/communication-call-automation';
import { pocketsphinxMissing } from '../../src/edge/speech/embedded/peers.fixture.ts';
import { createEmbeddedSpeech, type EmbeddedSpeech } from '../../src/edge/speech/embedded/provider.ts';
import { resampled } from '../../src/wire/audio/resample.ts';
import { resultOf } from '../peers/application.ts';
import { MediaStage, speech as spoken, them } from '../peers/media-stage.ts';
import type { LinePhone } from '../peers/phone-line.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { narrow, sine, wav, wide } from '../peers/sound.ts';
import { reached } from '../peers/timeline.ts';
import { type Speech, soundsOf, speak } from '../peers/voice.ts';

const choices: CallMediaRecognizeChoiceOptions = {
  kind: 'callMediaRecognizeChoiceOptions',
  initialSilenceTimeoutInSeconds: 9,
  choices: [
    { label: 'Confirm', phrases: ['confirm', 'yes please'] },
    { label: 'Cancel', phrases: ['cancel', 'no thank you'] },
  ],
};

const chosenBy = { confirm: 'Confirm', 'no thank you': 'Cancel' };
const noChoice = 'the weather is wonderful today';

describe('a caller who speaks', { skip: pocketsphinxMissing(), timeout: 60_000 }, () => {
  let voice: EmbeddedSpeech;
  let prompts: PromptServer;
  let stage: MediaStage;
  const speaking: Speech[] = [];
  /** Call connections by what is said there: all at once, because a pause has to tell that somebody is done. */
  const callOf = new Map<string, string>();
  before(async () => {
    voice = createEmbeddedSpeech();
    prompts = await PromptServer.open({ 'question.wav': wav(sine(440, 3)) });
    stage = await MediaStage.open();
    for (const phrase of [...Object.keys(chosenBy), noChoice]) callOf.set(phrase, await asked(phrase));
  });
  after(async () => {
    for (const speech of speaking) speech.stop();
    await stage[Symbol.asyncDispose]();
    await prompts[Symbol.asyncDispose]();
    await voice.close();
  });

  /** Says it, and then nothing for long enough. */
  async function say(far: LinePhone, text: string): Promise<void> {
    const said = await voice.synthesise({ said: { kind: 'text', text } });
    assert.equal(said.kind, 'speech');
    const words = resampled(said.samples, wide, narrow);
    const all = new Int16Array(words.length + 3 * narrow);
    all.set(words);
    speaking.push(speak(far, all));
  }

  async function asked(phrase: string): Promise<string> {
    const { id, far, media } = await stage.call(undefined, spoken);
    await media.startRecognizing(them, choices);
    await reached(stage.ready, id, /waits until/);
    await say(far, phrase);
    return id;
  }

  for (const [phrase, label] of Object.entries(chosenBy)) {
    test(`"${phrase}" chooses ${label}: 200/8545`, async () => {
      const done = await stage.app.next('RecognizeCompleted', callOf.get(phrase));
      assert.deepEqual(resultOf(done), [200, 8545]);
      assert.deepEqual([done.choiceResult?.label, done.choiceResult?.recognizedPhrase], [label, phrase]);
    });
  }

  test('words that are no choice are not taken for one: 400/8547', async () => {
    assert.deepEqual(resultOf(await stage.app.next('RecognizeFailed', callOf.get(noChoice))), [400, 8547]);
  });

  test('silence is silence: 400/8510', async () => {
    const { id, far, media } = await stage.call(undefined, spoken);
    speaking.push(speak(far, new Int16Array(narrow), { again: true }));
    await media.startRecognizing(them, choices);
    await reached(stage.ready, id, /waits until/);
    await stage.server.clock.advance('9s');
    assert.deepEqual(resultOf(await stage.app.next('RecognizeFailed', id)), [400, 8510]);
  });

  test('words interrupt a prompt that may be interrupted', async () => {
    const { id, far, media } = await stage.call(undefined, spoken);
    await media.startRecognizing(them, {
      ...choices,
      playPrompt: prompts.file('question.wav'),
      interruptPrompt: true,
    });
    await reached(stage.ready, id, /first packet of the prompt/);
    await say(far, 'confirm');
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.equal(done.choiceResult?.label, 'Confirm');
    assert.ok(soundsOf(far).length < 2.5 * narrow, 'the prompt was cut short');
  });

  test('where keys are taken as well as speech, keys end it: 200/8531', async () => {
    const { id, far, media } = await stage.call(undefined, spoken);
    const both: CallMediaRecognizeSpeechOrDtmfOptions = {
      kind: 'callMediaRecognizeSpeechOrDtmfOptions',
      maxTonesToCollect: 1,
    };
    await media.startRecognizing(them, both);
    await reached(stage.ready, id, /waits until/);
    far.rtp.press(far.server, '5');
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.deepEqual([...resultOf(done), done.dtmfResult?.tones], [200, 8531, ['five']]);
  });

  test('a call without a speech service is refused with 405/8522, one that the resource lacks with 400/8567', async () => {
    const { media } = await stage.call();
    await assert.rejects(media.startRecognizing(them, choices), { statusCode: 405, code: '8522' });
    const elsewhere = {
      callIntelligenceOptions: {
        cognitiveServicesEndpoint: 'https://elsewhere.cognitiveservices.azure.com/',
      },
    };
    const { media: unlinked } = await stage.call(undefined, elsewhere);
    await assert.rejects(unlinked.startRecognizing(them, choices), { statusCode: 400, code: '8567' });
  });
});
