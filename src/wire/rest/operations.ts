/** Every operation of Call Automation 2026-03-12: method, path, and whether it carries repeatability headers. */

export interface DocumentedOperation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{id}` holds no colon; `{+rawId}` may, because a raw id has one. */
  readonly path: string;
  readonly repeatable?: true;
}

const connections = '/calling/callConnections';
const connection = `${connections}/{id}`;
const participants = `${connection}/participants`;
const recordings = '/calling/recordings';

export const documentedOperations = {
  createCall: { name: 'create call', method: 'POST', path: connections, repeatable: true },
  answerCall: { name: 'answer call', method: 'POST', path: `${connections}:answer`, repeatable: true },
  redirectCall: { name: 'redirect call', method: 'POST', path: `${connections}:redirect`, repeatable: true },
  rejectCall: { name: 'reject call', method: 'POST', path: `${connections}:reject`, repeatable: true },
  connect: { name: 'connect', method: 'POST', path: `${connections}:connect`, repeatable: true },
  getCall: { name: 'get call', method: 'GET', path: connection },
  hangupCall: { name: 'hang up', method: 'DELETE', path: connection },
  terminateCall: {
    name: 'terminate call',
    method: 'POST',
    path: `${connection}:terminate`,
    repeatable: true,
  },
  transferToParticipant: {
    name: 'transfer',
    method: 'POST',
    path: `${connection}:transferToParticipant`,
    repeatable: true,
  },
  listParticipants: { name: 'list participants', method: 'GET', path: participants },
  getParticipant: { name: 'get participant', method: 'GET', path: `${participants}/{+rawId}` },
  addParticipant: { name: 'add participant', method: 'POST', path: `${participants}:add`, repeatable: true },
  removeParticipant: {
    name: 'remove participant',
    method: 'POST',
    path: `${participants}:remove`,
    repeatable: true,
  },
  mute: { name: 'mute', method: 'POST', path: `${participants}:mute`, repeatable: true },
  /** Not of 2026-03-12: early previews had it, and applications that still ask are told why not. */
  unmute: { name: 'unmute', method: 'POST', path: `${participants}:unmute` },
  cancelAddParticipant: {
    name: 'cancel add participant',
    method: 'POST',
    path: `${participants}:cancelAddParticipant`,
    repeatable: true,
  },
  moveParticipants: {
    name: 'move participants',
    method: 'POST',
    path: `${participants}:moveHere`,
    repeatable: true,
  },
  play: { name: 'play', method: 'POST', path: `${connection}:play` },
  cancelAllMediaOperations: {
    name: 'cancel all media operations',
    method: 'POST',
    path: `${connection}:cancelAllMediaOperations`,
  },
  recognize: { name: 'recognize', method: 'POST', path: `${connection}:recognize` },
  startContinuousDtmfRecognition: {
    name: 'start continuous DTMF recognition',
    method: 'POST',
    path: `${connection}:startContinuousDtmfRecognition`,
  },
  stopContinuousDtmfRecognition: {
    name: 'stop continuous DTMF recognition',
    method: 'POST',
    path: `${connection}:stopContinuousDtmfRecognition`,
  },
  sendDtmfTones: {
    name: 'send DTMF tones',
    method: 'POST',
    path: `${connection}:sendDtmfTones`,
    repeatable: true,
  },
  hold: { name: 'hold', method: 'POST', path: `${connection}:hold` },
  unhold: { name: 'unhold', method: 'POST', path: `${connection}:unhold` },
  startTranscription: {
    name: 'start transcription',
    method: 'POST',
    path: `${connection}:startTranscription`,
  },
  stopTranscription: { name: 'stop transcription', method: 'POST', path: `${connection}:stopTranscription` },
  updateTranscription: {
    name: 'update transcription',
    method: 'POST',
    path: `${connection}:updateTranscription`,
  },
  startMediaStreaming: {
    name: 'start media streaming',
    method: 'POST',
    path: `${connection}:startMediaStreaming`,
  },
  stopMediaStreaming: {
    name: 'stop media streaming',
    method: 'POST',
    path: `${connection}:stopMediaStreaming`,
  },
  startRecording: { name: 'start recording', method: 'POST', path: recordings, repeatable: true },
  getRecordingProperties: { name: 'get recording', method: 'GET', path: `${recordings}/{id}` },
  stopRecording: { name: 'stop recording', method: 'DELETE', path: `${recordings}/{id}` },
  pauseRecording: { name: 'pause recording', method: 'POST', path: `${recordings}/{id}:pause` },
  resumeRecording: { name: 'resume recording', method: 'POST', path: `${recordings}/{id}:resume` },
} as const satisfies Record<string, DocumentedOperation>;

export type OperationName = keyof typeof documentedOperations;
