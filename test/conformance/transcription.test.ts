/** A call that is written down: phones with real RTP, a speech service over HTTP, and the official SDK at the websocket. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { CreateCallOptions, TranscriptionData } from '@azure/communication-call-automation';
import { until } from '../../scenarios/stage/wait.ts';
import { developmentResource } from '../../src/config/development.ts';
import { StreamApplication } from '../../src/edge/media/engine/streaming/streaming.fixture.ts';
import { type ProviderStage, stageProvider } from '../../src/edge/speech/http-provider.fixture.ts';
import { phone } from '../peers/application.ts';
import { MediaStage, number } from '../peers/media-stage.ts';
import type { LinePhone } from '../peers/phone-line.ts';
import { narrow } from '../peers/sound.ts';
import { reached } from '../peers/timeline.ts';
import { type Speech, speak } from '../peers/voice.ts';

/** What counts as a voice, and the pause after it. */
const utterance = Int16Array.from({ length: 2 * narrow }, (_, n) =>
  n < narrow ? Math.round(6000 * Math.sin(n / 6) * (1 + Math.sin(n / 450))) : 0,
);

describe('a call that is transcribed', { timeout: 60_000 }, () => {
  let provider: ProviderStage;
  let stage: MediaStage;
  let reader: StreamApplication;
  let answer: { readonly status: number; readonly body: object };
  const speaking: Speech[] = [];

  before(async () => {
    provider = await stageProvider((response) =>
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body)),
    );
    const { id, keys } = developmentResource;
    const link = `{ endpoint: '${provider.endpoint}', kind: openai, key: secret }`;
    stage = await MediaStage.open({
      more: `resources: [{ name: dev, id: ${id}, keys: ['${keys[0]}'], admin: true, cognitiveServices: [${link}] }]`,
    });
  });
  beforeEach(async () => {
    reader = await StreamApplication.open();
    answer = { status: 200, body: { text: 'good morning' } };
  });
  afterEach(async () => {
    for (const speech of speaking.splice(0)) speech.stop();
    await reader[Symbol.asyncDispose]();
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const call = () => {
    const options: CreateCallOptions = {
      callIntelligenceOptions: { cognitiveServicesEndpoint: provider.endpoint },
      transcriptionOptions: {
        transportType: 'websocket',
        transportUrl: reader.url(),
        locale: 'en-US',
        startTranscription: true,
      },
    };
    return stage.call(number, options);
  };
  const say = (far: LinePhone): void => void speaking.push(speak(far, utterance));

  const results = async (count: number): Promise<readonly TranscriptionData[]> => {
    const connected = await reader.connection();
    return until('what was said', async () => {
      const said = connected.frames<TranscriptionData>('TranscriptionData');
      return said.length >= count ? { is: said } : { notYet: `there were ${connected.kinds.join()}` };
    });
  };

  test('tells who said what, also of somebody who came later', async () => {
    const { id, far } = await call();
    const started = await stage.app.next('TranscriptionStarted', id);
    assert.deepEqual(started.transcriptionUpdate, {
      transcriptionStatus: 'transcriptionStarted',
      transcriptionStatusDetails: 'subscriptionStarted',
    });
    say(far);
    await results(1);
    const other = '+15557654322';
    await stage.app.client.getCallConnection(id).addParticipant({
      targetParticipant: phone(other),
      sourceCallIdNumber: phone('+18005550100'),
    });
    const late = await stage.line.answered();
    await stage.app.next('AddParticipantSucceeded', id);
    late.rtp.say(late.server);
    await reached(stage.ready, id, /first packet/, 2);
    say(late);
    const said = await results(2);
    assert.deepEqual(
      said.map(({ text, participant, resultState }) => [
        text,
        'phoneNumber' in participant ? participant.phoneNumber : participant,
        resultState,
      ]),
      [
        ['good morning', number, 'Final'],
        ['good morning', other, 'Final'],
      ],
    );
    await stage.hangUp(id);
    const stopped = await stage.app.next('TranscriptionStopped', id);
    assert.equal(stopped.transcriptionUpdate?.transcriptionStatusDetails, 'subscriptionStopped');
  });

  test('in another language from the next utterance on', async () => {
    const { id, far, media } = await call();
    await stage.app.next('TranscriptionStarted', id);
    await media.updateTranscription('de-DE');
    const updated = await stage.app.next('TranscriptionUpdated', id);
    assert.equal(updated.transcriptionUpdate?.transcriptionStatusDetails, 'transcriptionLocaleUpdated');
    say(far);
    await results(1);
    assert.match(provider.asked.at(-1)?.body.toString('latin1') ?? '', /name="language"\r\n\r\nde\r\n/);
    await stage.hangUp(id);
  });

  test('whose speech service lets nobody in has failed for that reason, and the call goes on', async () => {
    answer = { status: 401, body: { error: { message: 'no' } } };
    const { id, far } = await call();
    await stage.app.next('TranscriptionStarted', id);
    say(far);
    const failed = await stage.app.next('TranscriptionFailed', id);
    assert.equal(failed.transcriptionUpdate?.transcriptionStatusDetails, 'authenticationFailure');
    const { callConnectionState } = await stage.app.client
      .getCallConnection(id)
      .getCallConnectionProperties();
    assert.equal(callConnectionState, 'connected');
    await stage.hangUp(id);
  });
});
