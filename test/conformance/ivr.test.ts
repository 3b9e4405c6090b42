/** A voice menu from end to end: a caller is answered, hears a prompt, chooses by key, is handed on; the recording is fetched. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type CallMediaRecognizeChoiceOptions, DtmfTone } from '@azure/communication-call-automation';
import { until } from '../../scenarios/stage/wait.ts';
import { type EventOf, phone, resultOf } from '../peers/application.ts';
import { MediaStage, them } from '../peers/media-stage.ts';
import type { LinePhone } from '../peers/phone-line.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { RecordingFiles } from '../peers/recording-files.ts';
import { bestMatch, narrow, rings, share, sine, sweep, wav, wide } from '../peers/sound.ts';
import { heardBy, lately, type Speech, speak } from '../peers/voice.ts';

/** Of ours, and whom phones of the line show when they call. */
const hotline = '+18005550101';
const caller = phone('+15551230000');
const alike = 0.9;
const callerHz = 500;
const agentHz = 730;
const menuHz = 1500;

const greeting = sweep(300, 2400, 1);
const menu: Omit<CallMediaRecognizeChoiceOptions, 'playPrompt'> = {
  kind: 'callMediaRecognizeChoiceOptions',
  interruptPrompt: true,
  choices: [
    { label: 'sales', phrases: ['sales'], tone: DtmfTone.One },
    { label: 'support', phrases: ['support'], tone: DtmfTone.Two },
  ],
};

let prompts: PromptServer;
let stage: MediaStage;
let files: RecordingFiles;
const speaking: Speech[] = [];

before(async () => {
  prompts = await PromptServer.open({ 'greeting.wav': wav(greeting), 'menu.wav': wav(sine(menuHz, 5)) });
  stage = await MediaStage.open();
  files = await RecordingFiles.open(stage.server);
  await stage.app.listen();
});
afterEach(() => {
  for (const speech of speaking.splice(0)) speech.stop();
});
after(async () => {
  await stage[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await prompts[Symbol.asyncDispose]();
});

const hears = (far: LinePhone, hz: number): Promise<void> =>
  until(`${far.number} hears ${hz} Hz`, async () => {
    const samples = lately(far, 0.2);
    const found = share(samples, hz);
    return samples.length > 0.1 * narrow && found > 0.9 ? { is: undefined } : { notYet: `${found} of it` };
  });

/** As the application does it: answers whoever calls, records, greets and asks. */
async function welcomed(): Promise<{
  readonly far: LinePhone;
  readonly id: string;
  readonly recordingId: string;
}> {
  const calling = stage.line.call(hotline, stage.ready.sip.udp);
  const { incomingCallContext, from, to } = await stage.app.incoming();
  assert.deepEqual([from.rawId, to.rawId], [`4:${caller.phoneNumber}`, `4:${hotline}`]);
  const { callConnectionProperties } = await stage.app.client.answerCall(
    incomingCallContext,
    stage.app.callbackUrl,
  );
  const id = callConnectionProperties.callConnectionId ?? '';
  const far = await calling;
  const { serverCallId } = await stage.app.next('CallConnected', id);
  const { recordingId } = await stage.app.client.getCallRecording().start({
    callLocator: { kind: 'serverCallLocator', id: serverCallId },
    recordingContent: 'audio',
    recordingFormat: 'wav',
    recordingChannel: 'mixed',
  });
  assert.equal((await stage.app.next('RecordingStateChanged', id)).state, 'active');
  const media = stage.media(id);
  await media.playToAll([prompts.file('greeting.wav')]);
  await stage.app.next('PlayCompleted', id);
  await media.startRecognizing(caller, { ...menu, playPrompt: prompts.file('menu.wav') });
  await hears(far, menuHz);
  return { far, id, recordingId };
}

async function chosen(far: LinePhone, id: string, key: string): Promise<EventOf<'RecognizeCompleted'>> {
  far.rtp.press(far.server, key);
  return stage.app.next('RecognizeCompleted', id);
}

test('a caller chooses, talks to whom they chose, and all before that is in the recording', async () => {
  const { far, id, recordingId } = await welcomed();
  const done = await chosen(far, id, '2');
  assert.deepEqual([...resultOf(done), done.choiceResult?.label], [200, 8533, 'support']);
  assert.ok(
    bestMatch(
      heardBy(far),
      greeting.filter((_, i) => i % 2 === 0),
    ).at <
      2 * narrow,
  );

  await stage.app.client.getCallConnection(id).transferCallToParticipant(them);
  const agent = await stage.line.answered();
  assert.equal(agent.number, them.phoneNumber);
  assert.deepEqual(resultOf(await stage.app.next('CallTransferAccepted', id)), [200, 0]);
  assert.deepEqual(resultOf(await stage.app.next('CallDisconnected', id)), [200, 7015]);
  speaking.push(speak(far, sine(callerHz, 1, narrow), { again: true }));
  await hears(agent, callerHz);
  speaking.push(speak(agent, sine(agentHz, 1, narrow), { again: true }));
  await hears(far, agentHz);
  far.hangUp();
  await agent.ended;

  // The application is out of the call by then, and its recording with it: nothing of what they say is in it.
  const recorded = await files.samples(recordingId);
  const found = bestMatch(recorded, greeting);
  assert.ok(found.correlation > alike, `the greeting correlates by ${found.correlation}`);
  const rest = recorded.subarray(found.at + greeting.length);
  assert.ok(rings(rest, menuHz, wide), 'the menu follows the greeting');
  for (const hz of [callerHz, agentHz]) assert.ok(!rings(recorded, hz, wide), `${hz} Hz is in it`);
});

test('a caller who speaks is in the recording, presses what is no choice and hangs up; the file is deleted', async () => {
  const { far, id, recordingId } = await welcomed();
  far.rtp.press(far.server, '9');
  assert.deepEqual(resultOf(await stage.app.next('RecognizeFailed', id)), [500, 8534]);
  const speech = speak(far, sine(callerHz, 1, narrow));
  speaking.push(speech);
  await speech.done;
  far.hangUp();
  assert.deepEqual(resultOf(await stage.app.next('CallDisconnected', id)), [200, 540000]);
  const recorded = await files.samples(recordingId);
  assert.ok(share(recorded.subarray(-0.6 * wide), callerHz, wide) > 0.9, 'the caller is heard at its end');
  const { deleteLocation, contentLocation } = await files.told(recordingId);
  await files.client.delete(deleteLocation);
  await assert.rejects(files.client.downloadStreaming(contentLocation), { status: 404 });
});
