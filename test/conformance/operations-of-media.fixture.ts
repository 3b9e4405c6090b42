/** The operations of CallMedia, each where it succeeds and where it fails. */
import assert from 'node:assert/strict';
import type { CallMedia, DtmfTone } from '@azure/communication-call-automation';
import { phone } from '../peers/application.ts';
import {
  already,
  brief,
  call,
  connected,
  connecting,
  ended,
  happens,
  invalid,
  keys,
  long,
  media,
  next,
  noMediaYet,
  type OperationsOf,
  otherPhone,
  presses1,
  streaming,
  them,
  transcribing,
  unknown,
  withoutOptions,
} from './operations.fixture.ts';

export const mediaOperations: OperationsOf<CallMedia, 'CallMedia'> = {
  'CallMedia.play': {
    async succeeds() {
      const { id } = await connected();
      await media(id).play([brief()], [them]);
      await happens('PlayCompleted', id);
    },
    fails: [
      {
        when: 'something is played to one already',
        act: async () => {
          const { id } = await connected();
          await media(id).play([long()], [them]);
          await media(id).play([brief()], [them]);
        },
        answer: { statusCode: 412, code: '8583' },
      },
    ],
  },
  'CallMedia.playToAll': {
    async succeeds() {
      const { id } = await connected();
      await media(id).playToAll([brief()]);
      await happens('PlayCompleted', id);
    },
    fails: [
      {
        when: 'nobody has answered the call',
        act: async () => media(await connecting()).playToAll([brief()]),
        answer: noMediaYet,
      },
    ],
  },
  'CallMedia.startRecognizing': {
    async succeeds() {
      const { id } = await connected(presses1);
      await media(id).startRecognizing(phone(presses1), keys);
      await happens('RecognizeCompleted', id, [200, 8531]);
    },
    fails: [
      {
        when: 'they are not in the call',
        act: async () => media((await connected()).id).startRecognizing(phone(otherPhone), keys),
        answer: unknown,
      },
    ],
  },
  'CallMedia.cancelAllOperations': {
    async succeeds() {
      const { id } = await connected();
      await media(id).playToAll([long()]);
      await media(id).cancelAllOperations();
      await happens('PlayCanceled', id, [400, 8508]);
    },
    fails: [
      {
        when: 'the call has ended',
        act: async () => media(await ended()).cancelAllOperations(),
        answer: noMediaYet,
      },
    ],
  },
  'CallMedia.startContinuousDtmfRecognition': {
    async succeeds() {
      const { id } = await connected(presses1);
      await media(id).startContinuousDtmfRecognition(phone(presses1));
      await happens('ContinuousDtmfRecognitionToneReceived', id);
    },
    fails: [
      {
        when: 'keys are being sent',
        act: async () => {
          const { id } = await connected();
          await media(id).sendDtmfTones(
            Array.from({ length: 18 }, () => 'one' as DtmfTone),
            them,
          );
          await media(id).startContinuousDtmfRecognition(them);
        },
        answer: { statusCode: 412, code: '8583' },
      },
    ],
  },
  'CallMedia.stopContinuousDtmfRecognition': {
    async succeeds() {
      const { id } = await connected();
      await media(id).startContinuousDtmfRecognition(them);
      await media(id).stopContinuousDtmfRecognition(them);
      await happens('ContinuousDtmfRecognitionStopped', id);
    },
    fails: [
      {
        when: 'they are not in the call',
        act: async () => media((await connected()).id).stopContinuousDtmfRecognition(phone(otherPhone)),
        answer: unknown,
      },
    ],
  },
  'CallMedia.sendDtmfTones': {
    async succeeds() {
      const { id } = await connected();
      await media(id).sendDtmfTones(['one'] as unknown as DtmfTone[], them);
      await happens('SendDtmfTonesCompleted', id);
    },
    fails: [
      {
        when: 'there are more than eighteen',
        act: async () => {
          const many = Array.from({ length: 19 }, () => 'one' as DtmfTone);
          await media((await connected()).id).sendDtmfTones(many, them);
        },
        answer: invalid,
      },
    ],
  },
  'CallMedia.hold': {
    async succeeds() {
      const { id } = await connected();
      await media(id).hold(them);
      assert.equal((await call(id).getParticipant(them)).isOnHold, true);
    },
    fails: [
      {
        when: 'they are on hold',
        act: async () => {
          const { id } = await connected();
          await media(id).hold(them);
          await media(id).hold(them);
        },
        answer: already,
      },
    ],
  },
  'CallMedia.unhold': {
    async succeeds() {
      const { id } = await connected();
      await media(id).hold(them);
      await media(id).unhold(them);
      assert.equal((await call(id).getParticipant(them)).isOnHold, false);
    },
    fails: [
      {
        when: 'they are not on hold',
        act: async () => media((await connected()).id).unhold(them),
        answer: already,
      },
    ],
  },
  'CallMedia.startTranscription': {
    async succeeds() {
      const { id } = await transcribing();
      await media(id).startTranscription();
      await happens('TranscriptionStarted', id);
    },
    fails: [
      {
        when: 'the call was made without it',
        act: async () => media((await connected()).id).startTranscription(),
        answer: withoutOptions,
      },
    ],
  },
  'CallMedia.stopTranscription': {
    async succeeds() {
      const { id } = await transcribing();
      await media(id).startTranscription();
      await next('TranscriptionStarted', id);
      await media(id).stopTranscription();
      await happens('TranscriptionStopped', id);
    },
    fails: [
      {
        when: 'it was not started',
        act: async () => media((await transcribing()).id).stopTranscription(),
        answer: already,
      },
    ],
  },
  'CallMedia.updateTranscription': {
    async succeeds() {
      const { id } = await transcribing();
      await media(id).startTranscription();
      await next('TranscriptionStarted', id);
      await media(id).updateTranscription('en-GB');
      await happens('TranscriptionUpdated', id);
    },
    fails: [
      {
        when: 'it was not started',
        act: async () => media((await transcribing()).id).updateTranscription('en-GB'),
        answer: already,
      },
    ],
  },
  'CallMedia.startMediaStreaming': {
    async succeeds() {
      const { id } = await streaming();
      await media(id).startMediaStreaming();
      await happens('MediaStreamingStarted', id);
    },
    fails: [
      {
        when: 'the call was made without it',
        act: async () => media((await connected()).id).startMediaStreaming(),
        answer: withoutOptions,
      },
    ],
  },
  'CallMedia.stopMediaStreaming': {
    async succeeds() {
      const { id } = await streaming();
      await media(id).startMediaStreaming();
      await next('MediaStreamingStarted', id);
      await media(id).stopMediaStreaming();
      await happens('MediaStreamingStopped', id);
    },
    fails: [
      {
        when: 'it was not started',
        act: async () => media((await streaming()).id).stopMediaStreaming(),
        answer: already,
      },
    ],
  },
};
