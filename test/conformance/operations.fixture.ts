/** The calls, phones and files that the operations of the official client are tried on, and in what shape a trial is written. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CallAutomationClient,
  CallConnection,
  CallMedia,
  CallRecording,
  CreateCallOptions,
} from '@azure/communication-call-automation';
import { StreamApplication } from '../../src/edge/media/engine/streaming/streaming.fixture.ts';
import { invite, phone, resultOf } from '../peers/application.ts';
import { MediaStage, speech } from '../peers/media-stage.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { RecordingFiles } from '../peers/recording-files.ts';
import { sine, wav } from '../peers/sound.ts';
import { reached } from '../peers/timeline.ts';

export interface Failure {
  readonly when: string;
  readonly act: () => Promise<unknown>;
  readonly answer: { readonly statusCode: number; readonly code: string } | { readonly status: number };
}

export interface Cases {
  readonly succeeds: () => Promise<void>;
  readonly fails: readonly [Failure, ...Failure[]];
}

/** Cases for every method of a client but `Else`: a method without them does not compile. */
export type OperationsOf<C, Name extends string, Else extends keyof C = never> = Readonly<
  Record<`${Name}.${Exclude<keyof C & string, Else>}`, Cases>
>;

export const silentPhone = '+15005552000';
export const otherPhone = '+15005552001';
export const ringing = '+15005551800';
export const presses1 = '+15005552040';
export const ours = '+18005550102';
export const nobody = '11111111-2222-4333-8444-555555555555';
export const carol = '8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_00000000-0000-0000-0000-00000000ca01';

export const unknown = { statusCode: 404, code: '8522' };
export const invalid = { statusCode: 400, code: '8523' };
export const notYet = { statusCode: 400, code: '8501' };
export const noMediaYet = { statusCode: 400, code: '8585' };
export const already = { statusCode: 400, code: '8500' };
export const withoutOptions = { statusCode: 405, code: '8522' };
export const well = [200, 0];

export let stage: MediaStage;
export let prompts: PromptServer;
export let files: RecordingFiles;
export let streams: StreamApplication;
/** For what is downloaded. */
export let folder: string;

export async function openScene(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'ringback-operations-'));
  prompts = await PromptServer.open({ 'brief.wav': wav(sine(440, 0.1)), 'long.wav': wav(sine(440, 30)) });
  stage = await MediaStage.open();
  files = await RecordingFiles.open(stage.server);
  streams = await StreamApplication.open();
  await stage.app.listen();
}

export async function closeScene(): Promise<void> {
  await stage[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await streams[Symbol.asyncDispose]();
  await prompts[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
}

export const client = (): CallAutomationClient => stage.app.client;
export const callbacks = (): string => stage.app.callbackUrl;
export const call = (id: string): CallConnection => client().getCallConnection(id);
export const media = (id: string): CallMedia => call(id).getCallMedia();
export const recording = (): CallRecording => client().getCallRecording();
export const next = (kind: Parameters<typeof stage.app.next>[0], id?: string) => stage.app.next(kind, id);
export const brief = () => prompts.file('brief.wav');
export const long = () => prompts.file('long.wav');
export const them = phone(silentPhone);
export const keys = { kind: 'callMediaRecognizeDtmfOptions', maxTonesToCollect: 1 } as const;

export async function happens(kind: Parameters<typeof next>[0], id: string, result = well): Promise<void> {
  assert.deepEqual(resultOf(await next(kind, id)), result);
}

/** A call connection whose phone rings until it is given up. */
export async function connecting(): Promise<string> {
  const { callConnectionProperties } = await client().createCall(invite(ringing), callbacks());
  const id = callConnectionProperties.callConnectionId ?? '';
  await reached(stage.ready, id, /rings/);
  return id;
}

export async function connected(to = silentPhone, options: CreateCallOptions = {}) {
  const { callConnectionProperties } = await client().createCall(invite(to), callbacks(), options);
  const id = callConnectionProperties.callConnectionId ?? '';
  const { serverCallId } = await stage.app.next('CallConnected', id);
  return { id, locator: { kind: 'serverCallLocator', id: serverCallId } as const };
}

export async function ended(): Promise<string> {
  const { id } = await connected();
  await stage.hangUp(id);
  return id;
}

export async function offered(): Promise<{ readonly caller: string; readonly context: string }> {
  const { callConnectionProperties } = await client().createCall(invite(ours), callbacks());
  const { incomingCallContext } = await stage.app.incoming();
  return { caller: callConnectionProperties.callConnectionId ?? '', context: incomingCallContext };
}

export async function recorded() {
  const { id, locator } = await connected();
  const { recordingId } = await recording().start({
    callLocator: locator,
    recordingContent: 'audio',
    recordingFormat: 'wav',
  });
  assert.equal((await stage.app.next('RecordingStateChanged', id)).state, 'active');
  return { id, locator, recordingId };
}

/** Where a recording that is over lies. */
export async function kept() {
  const { id, recordingId } = await recorded();
  await media(id).playToAll([brief()]);
  await next('PlayCompleted', id);
  await recording().stop(recordingId);
  return files.told(recordingId);
}

/** As a location that is gone. */
export async function deleted(): Promise<string> {
  const { contentLocation, deleteLocation } = await kept();
  await files.client.delete(deleteLocation);
  return contentLocation;
}

export const mediaStreamingOptions = () =>
  ({
    transportType: 'websocket',
    transportUrl: streams.url(),
    contentType: 'audio',
    audioChannelType: 'mixed',
  }) as const;
export const streaming = () => connected(silentPhone, { mediaStreamingOptions: mediaStreamingOptions() });
export const transcribing = () =>
  connected(silentPhone, {
    ...speech,
    transcriptionOptions: { transportType: 'websocket', transportUrl: streams.url(), locale: 'en-US' },
  });
