/** The operations of CallRecording, each where it succeeds and where it fails. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { CallRecording } from '@azure/communication-call-automation';
import {
  deleted,
  files,
  folder,
  kept,
  next,
  nobody,
  type OperationsOf,
  recorded,
  recording,
  stage,
  unknown,
} from './operations.fixture.ts';

export const recordingOperations: OperationsOf<CallRecording, 'CallRecording'> = {
  'CallRecording.start': {
    succeeds: async () => void (await recorded()),
    fails: [
      {
        when: 'the call is recorded already',
        act: async () => recording().start({ callLocator: (await recorded()).locator }),
        answer: { statusCode: 400, code: '8559' },
      },
    ],
  },
  'CallRecording.getState': {
    async succeeds() {
      const { recordingId } = await recorded();
      assert.equal((await recording().getState(recordingId)).recordingState, 'active');
    },
    fails: [{ when: 'nobody knows it', act: () => recording().getState(nobody), answer: unknown }],
  },
  'CallRecording.stop': {
    async succeeds() {
      const { id, recordingId } = await recorded();
      await recording().stop(recordingId);
      assert.equal((await stage.app.next('RecordingStateChanged', id)).state, 'inactive');
    },
    fails: [{ when: 'nobody knows it', act: () => recording().stop(nobody), answer: unknown }],
  },
  'CallRecording.pause': {
    async succeeds() {
      const { id, recordingId } = await recorded();
      await recording().pause(recordingId);
      assert.equal((await stage.app.next('RecordingStateChanged', id)).state, 'inactive');
    },
    fails: [
      {
        when: 'it is paused',
        act: async () => {
          const { id, recordingId } = await recorded();
          await recording().pause(recordingId);
          await next('RecordingStateChanged', id);
          await recording().pause(recordingId);
        },
        answer: { statusCode: 405, code: '8573' },
      },
    ],
  },
  'CallRecording.resume': {
    async succeeds() {
      const { id, recordingId } = await recorded();
      await recording().pause(recordingId);
      await next('RecordingStateChanged', id);
      await recording().resume(recordingId);
      assert.equal((await stage.app.next('RecordingStateChanged', id)).state, 'active');
    },
    fails: [
      {
        when: 'it is not paused',
        act: async () => recording().resume((await recorded()).recordingId),
        answer: { statusCode: 405, code: '8573' },
      },
    ],
  },
  'CallRecording.delete': {
    async succeeds() {
      const { deleteLocation, contentLocation } = await kept();
      await files.client.delete(deleteLocation);
      await assert.rejects(files.client.downloadStreaming(contentLocation), { status: 404 });
    },
    fails: [
      {
        when: 'it was deleted',
        act: async () => {
          const { deleteLocation } = await kept();
          await files.client.delete(deleteLocation);
          await files.client.delete(deleteLocation);
        },
        answer: { status: 404 },
      },
    ],
  },
  'CallRecording.downloadStreaming': {
    async succeeds() {
      const { contentLocation } = await kept();
      assert.ok((await buffer(await files.client.downloadStreaming(contentLocation))).length > 44);
    },
    fails: [
      {
        when: 'it was deleted',
        act: async () => files.client.downloadStreaming(await deleted()),
        answer: { status: 404 },
      },
    ],
  },
  'CallRecording.downloadToStream': {
    async succeeds() {
      const { contentLocation } = await kept();
      const stream = new PassThrough();
      const [got] = await Promise.all([
        buffer(stream),
        files.client.downloadToStream(contentLocation, stream),
      ]);
      assert.ok(got.length > 44);
    },
    fails: [
      {
        when: 'it was deleted',
        act: async () => files.client.downloadToStream(await deleted(), new PassThrough()),
        answer: { status: 404 },
      },
    ],
  },
  'CallRecording.downloadToPath': {
    async succeeds() {
      const { contentLocation } = await kept();
      const path = join(folder, 'recording.wav');
      await files.client.downloadToPath(contentLocation, path);
      assert.ok(statSync(path).size > 44);
    },
    fails: [
      {
        when: 'it was deleted',
        act: async () => files.client.downloadToPath(await deleted(), join(folder, 'nothing.wav')),
        answer: { status: 404 },
      },
    ],
  },
};
