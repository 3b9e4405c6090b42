/** Media operations and recordings that are asked for wrongly, too late, of those who left, or twice at the same instant. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type {
  CallConnection,
  CallMedia,
  CallMediaRecognizeDtmfOptions,
  CreateCallOptions,
  DtmfTone,
  StartRecordingOptions,
} from '@azure/communication-call-automation';
import { StreamApplication } from '../../src/edge/media/engine/streaming/streaming.fixture.ts';
import { invite, phone } from '../peers/application.ts';
import { MediaStage } from '../peers/media-stage.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { sine, wav } from '../peers/sound.ts';
import { reached } from '../peers/timeline.ts';

const one = phone('+15005552000');
const two = phone('+15005552001');
const three = phone('+15005552002');
const invalid = { statusCode: 400, code: '8523' };
const keys: CallMediaRecognizeDtmfOptions = { kind: 'callMediaRecognizeDtmfOptions', maxTonesToCollect: 1 };
const choice = (label: string, tone?: DtmfTone) => ({ label, phrases: [label], ...(tone ? { tone } : {}) });

let stage: MediaStage;
let prompts: PromptServer;
let streams: StreamApplication;
const callOf = (id: string): CallConnection => stage.app.client.getCallConnection(id);
const long = () => prompts.file('long.wav');

before(async () => {
  prompts = await PromptServer.open({ 'long.wav': wav(sine(440, 30)) });
  streams = await StreamApplication.open();
  stage = await MediaStage.open();
});
after(async () => {
  await stage[Symbol.asyncDispose]();
  await streams[Symbol.asyncDispose]();
  await prompts[Symbol.asyncDispose]();
});

async function connected(options: CreateCallOptions = {}) {
  const { callConnectionProperties } = await stage.app.client.createCall(
    invite(one.phoneNumber),
    stage.app.callbackUrl,
    options,
  );
  const id = callConnectionProperties.callConnectionId ?? '';
  const { serverCallId } = await stage.app.next('CallConnected', id);
  return { id, media: stage.media(id), locator: { kind: 'serverCallLocator', id: serverCallId } as const };
}

/** One and two have audio in it; three has left. */
async function group() {
  const sourceCallIdNumber = phone('+18005550100');
  const targets = [one, two, three];
  const made = await stage.app.client.createGroupCall(targets, stage.app.callbackUrl, { sourceCallIdNumber });
  const id = made.callConnectionProperties.callConnectionId ?? '';
  await reached(stage.ready, id, /is connected; audio/, targets.length);
  await callOf(id).removeParticipant(three);
  await stage.app.next('RemoveParticipantSucceeded', id);
  return { id, media: stage.media(id) };
}

describe('what no media operation may say: 400/8523 and the field', () => {
  const wrong: Readonly<Record<string, readonly [field: RegExp, act: (on: CallMedia) => Promise<unknown>]>> =
    {
      'no source to play': [/PlaySources/i, (on) => on.playToAll([])],
      'eleven sources': [/PlaySources/i, (on) => on.playToAll(Array.from({ length: 11 }, long))],
      'a text of 4001 characters': [
        /text/i,
        (on) =>
          on.playToAll([{ kind: 'textSource', text: 'x'.repeat(4001), voiceName: 'en-US-JennyNeural' }]),
      ],
      'an initial silence before it begins': [
        /InitialSilenceTimeoutInSeconds/i,
        (on) => on.startRecognizing(one, { ...keys, initialSilenceTimeoutInSeconds: -1 }),
      ],
      'an initial silence of more than five minutes': [
        /InitialSilenceTimeoutInSeconds/i,
        (on) => on.startRecognizing(one, { ...keys, initialSilenceTimeoutInSeconds: 301 }),
      ],
      'half a second between keys': [
        /InterToneTimeoutInSeconds/i,
        (on) => on.startRecognizing(one, { ...keys, interToneTimeoutInSeconds: 0.5 }),
      ],
      'more than a minute between keys': [
        /InterToneTimeoutInSeconds/i,
        (on) => on.startRecognizing(one, { ...keys, interToneTimeoutInSeconds: 61 }),
      ],
      'fewer than no keys': [
        /MaxTonesToCollect/i,
        (on) => on.startRecognizing(one, { ...keys, maxTonesToCollect: -3 }),
      ],
      'a stop tone that is no key': [
        /StopTones/i,
        (on) => on.startRecognizing(one, { ...keys, stopDtmfTones: ['hash' as DtmfTone] }),
      ],
      'a pause of speech that never comes': [
        /EndSilenceTimeoutInMs/i,
        (on) =>
          on.startRecognizing(one, {
            kind: 'callMediaRecognizeSpeechOptions',
            endSilenceTimeoutInSeconds: 3600,
          }),
      ],
      'a language that is none': [
        /SpeechLanguage/i,
        (on) => on.startRecognizing(one, { kind: 'callMediaRecognizeSpeechOptions', speechLanguage: '!' }),
      ],
      'no choices': [
        /Choices/i,
        (on) => on.startRecognizing(one, { kind: 'callMediaRecognizeChoiceOptions', choices: [] }),
      ],
      'two choices of one name': [
        /stands twice/,
        (on) =>
          on.startRecognizing(one, {
            kind: 'callMediaRecognizeChoiceOptions',
            choices: [choice('yes'), choice('yes')],
          }),
      ],
      'two choices with one key': [
        /stands twice/,
        (on) =>
          on.startRecognizing(one, {
            kind: 'callMediaRecognizeChoiceOptions',
            choices: [choice('yes', 'one' as DtmfTone), choice('no', 'one' as DtmfTone)],
          }),
      ],
      'no keys to send': [/Tones/i, (on) => on.sendDtmfTones([], one)],
      'a key that is none': [/Tones/i, (on) => on.sendDtmfTones(['hash' as DtmfTone], one)],
      'a number that is none': [/TargetParticipant/i, (on) => on.hold(phone('12'))],
    };
  let media: CallMedia;
  before(async () => {
    ({ media } = await connected());
  });
  for (const [name, [message, act]] of Object.entries(wrong)) {
    test(name, () => assert.rejects(act(media), { ...invalid, message }));
  }

  for (const seconds of [-1, 181]) {
    test(`an invitation of ${seconds} s`, async () => {
      const { id } = await connected();
      await assert.rejects(
        callOf(id).addParticipant(invite(two.phoneNumber), { invitationTimeoutInSeconds: seconds }),
        { ...invalid, message: /InvitationTimeoutInSeconds/i },
      );
    });
  }

  for (const transportUrl of ['https://localhost/stream', 'ws://192.0.2.1/stream', 'wss://', '']) {
    test(`a websocket at ${JSON.stringify(transportUrl)}: 400/8581`, () => {
      const mediaStreamingOptions = {
        transportType: 'websocket',
        transportUrl,
        contentType: 'audio',
        audioChannelType: 'mixed',
      } as const;
      return assert.rejects(connected({ mediaStreamingOptions }), { statusCode: 400, code: '8581' });
    });
  }
});

describe('recordings that nobody can make: 400/8523', () => {
  const wrong: Readonly<Record<string, Omit<StartRecordingOptions, 'callLocator'>>> = {
    'video as WAV': { recordingContent: 'audioVideo', recordingFormat: 'wav' },
    'video as MP3': { recordingContent: 'audioVideo', recordingFormat: 'mp3' },
    'unmixed video': { recordingContent: 'audioVideo', recordingChannel: 'unmixed' },
    'mixed audio as MP4': { recordingContent: 'audio', recordingFormat: 'mp4' },
    'unmixed audio as MP3': {
      recordingContent: 'audio',
      recordingChannel: 'unmixed',
      recordingFormat: 'mp3',
    },
    'unmixed audio as MP4': {
      recordingContent: 'audio',
      recordingChannel: 'unmixed',
      recordingFormat: 'mp4',
    },
    'six channels': {
      recordingContent: 'audio',
      recordingChannel: 'unmixed',
      audioChannelParticipantOrdering: Array.from({ length: 6 }, (_, i) => phone(`+1500555200${i}`)),
    },
    'a channel for two': {
      recordingContent: 'audio',
      recordingChannel: 'unmixed',
      channelAffinity: [
        { channel: 1, targetParticipant: one },
        { channel: 1, targetParticipant: two },
      ],
    },
    'channel 5': {
      recordingContent: 'audio',
      recordingChannel: 'unmixed',
      channelAffinity: [{ channel: 5, targetParticipant: one }],
    },
    'a container that is nowhere': {
      recordingContent: 'audio',
      recordingFormat: 'wav',
      recordingStorage: {
        recordingStorageKind: 'azureBlobStorage',
        recordingDestinationContainerUrl: 'container',
      },
    },
    'a callback over FTP': {
      recordingContent: 'audio',
      recordingFormat: 'wav',
      recordingStateCallbackEndpointUrl: 'ftp://localhost/',
    },
  };
  let locator: StartRecordingOptions['callLocator'];
  before(async () => {
    ({ locator } = await connected());
  });
  const recording = () => stage.app.client.getCallRecording();
  for (const [name, options] of Object.entries(wrong)) {
    test(name, () => assert.rejects(recording().start({ callLocator: locator!, ...options }), invalid));
  }

  test('of no call at all', () => assert.rejects(recording().start({}), invalid));

  test('but the same call can be recorded after all of these', async () => {
    const { recordingId } = await recording().start({
      callLocator: locator!,
      recordingContent: 'audio',
      recordingFormat: 'wav',
    });
    assert.ok(recordingId);
  });
});

type Act = (media: CallMedia, call: CallConnection) => Promise<unknown>;

const onMedia: Readonly<Record<string, Act>> = {
  play: (media) => media.play([long()], [three]),
  startRecognizing: (media) => media.startRecognizing(three, keys),
  startContinuousDtmfRecognition: (media) => media.startContinuousDtmfRecognition(three),
  stopContinuousDtmfRecognition: (media) => media.stopContinuousDtmfRecognition(three),
  sendDtmfTones: (media) => media.sendDtmfTones(['one' as DtmfTone], three),
  hold: (media) => media.hold(three),
  unhold: (media) => media.unhold(three),
};
const onStreams: Readonly<Record<string, Act>> = {
  playToAll: (media) => media.playToAll([long()]),
  cancelAllOperations: (media) => media.cancelAllOperations(),
  startTranscription: (media) => media.startTranscription(),
  stopTranscription: (media) => media.stopTranscription(),
  updateTranscription: (media) => media.updateTranscription('en-GB'),
  startMediaStreaming: (media) => media.startMediaStreaming(),
  stopMediaStreaming: (media) => media.stopMediaStreaming(),
};
const onParticipants: Readonly<Record<string, Act>> = {
  removeParticipant: (_, call) => call.removeParticipant(three),
  muteParticipant: (_, call) => call.muteParticipant(three),
};
const onCall: Readonly<Record<string, Act>> = {
  addParticipant: (_, call) => call.addParticipant(invite(two.phoneNumber)),
  transferCallToParticipant: (_, call) => call.transferCallToParticipant(two),
  cancelAddParticipantOperation: (_, call) => call.cancelAddParticipantOperation('nobody'),
};

describe('one who has left the call', () => {
  let id: string;
  before(async () => {
    ({ id } = await group());
  });
  for (const [name, act] of Object.entries({ ...onMedia, ...onParticipants })) {
    test(`cannot be asked for by ${name}: 404/8558`, () =>
      assert.rejects(act(stage.media(id), callOf(id)), { statusCode: 404, code: '8558' }));
  }
});

describe('a call that is over', () => {
  let id: string;
  before(async () => {
    ({ id } = await connected());
    await stage.hangUp(id);
  });
  for (const [name, act] of Object.entries({ ...onMedia, ...onStreams })) {
    test(`takes no ${name}: 400/8585`, () =>
      assert.rejects(act(stage.media(id), callOf(id)), { statusCode: 400, code: '8585' }));
  }
  for (const [name, act] of Object.entries({ ...onParticipants, ...onCall })) {
    test(`takes no ${name}: 400/8528`, () =>
      assert.rejects(act(stage.media(id), callOf(id)), { statusCode: 400, code: '8528' }));
  }
});

/** What came of two requests that were sent at once: of each its code, or "accepted"; whichever came first. */
async function both(first: Promise<unknown>, second: Promise<unknown>): Promise<readonly string[]> {
  const settled = await Promise.allSettled([first, second]);
  return settled
    .map((each) =>
      each.status === 'fulfilled' ? 'accepted' : `${each.reason.statusCode}/${each.reason.code}`,
    )
    .sort();
}

describe('of two at the same instant one is accepted, and the other gets', () => {
  const inGroup: Readonly<Record<string, readonly [row: string, first: Act, second: Act]>> = {
    'play to one, twice': [
      '412/8583',
      (media) => media.play([long()], [one]),
      (media) => media.play([long()], [two]),
    ],
    'play to one, and recognise': [
      '412/8583',
      (media) => media.play([long()], [one]),
      (media) => media.startRecognizing(two, keys),
    ],
    'recognise, and send keys': [
      '412/8583',
      (media) => media.startRecognizing(one, keys),
      (media) => media.sendDtmfTones(['one', 'two'] as DtmfTone[], two),
    ],
    'hold, twice': ['400/8500', (media) => media.hold(one), (media) => media.hold(one)],
    'add, twice': [
      '409/8519',
      (_, call) => call.addParticipant(invite('+15005551800')),
      (_, call) => call.addParticipant(invite('+15005551800')),
    ],
    'remove, twice': [
      '404/8558',
      (_, call) => call.removeParticipant(two),
      (_, call) => call.removeParticipant(two),
    ],
  };
  for (const [name, [row, first, second]] of Object.entries(inGroup)) {
    test(`${row}: ${name}`, async () => {
      const { id, media } = await group();
      assert.deepEqual(await both(first(media, callOf(id)), second(media, callOf(id))), [row, 'accepted']);
      await stage.hangUp(id);
    });
  }

  test('409/8519: transfer, twice', async () => {
    const { id } = await connected();
    const to = (number: string) => callOf(id).transferCallToParticipant(phone(number));
    assert.deepEqual(await both(to('+15005551800'), to('+15005551801')), ['409/8519', 'accepted']);
    await stage.hangUp(id);
  });

  test('400/8500: start media streaming, twice', async () => {
    const { id, media } = await connected({
      mediaStreamingOptions: {
        transportType: 'websocket',
        transportUrl: streams.url(),
        contentType: 'audio',
        audioChannelType: 'mixed',
      },
    });
    assert.deepEqual(await both(media.startMediaStreaming(), media.startMediaStreaming()), [
      '400/8500',
      'accepted',
    ]);
    await stage.hangUp(id);
  });

  test('400/8559: start a recording, twice; 409/8571: pause it, twice', async () => {
    const { id, locator } = await connected();
    const recording = stage.app.client.getCallRecording();
    const options = { callLocator: locator, recordingContent: 'audio', recordingFormat: 'wav' } as const;
    const ids: string[] = [];
    const start = async (): Promise<void> => void ids.push((await recording.start(options)).recordingId);
    assert.deepEqual(await both(start(), start()), ['400/8559', 'accepted']);
    assert.equal((await stage.app.next('RecordingStateChanged', id)).state, 'active');
    const pause = () => recording.pause(ids[0] ?? '');
    assert.deepEqual(await both(pause(), pause()), ['409/8571', 'accepted']);
    await stage.hangUp(id);
  });
});
