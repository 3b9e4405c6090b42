/** One callback of every type that we send, and the fields that the official client reads in it. */
import type { CallbackEvent } from '../../src/domain/call/events.ts';
import { outcome, type Particulars } from '../../src/domain/call/outcome.ts';
import type { Situation } from '../../src/domain/call/situations.ts';
import { phoneNumber } from '../../src/domain/ids/identifier.ts';

interface Callback {
  readonly event: CallbackEvent;
  /** Beside what every event has. */
  readonly reads: object;
}

const at = Date.UTC(2026, 2, 12);
const number = '+15005552000';
const other = '+15005552001';
const phone = { identifier: phoneNumber(number), isMuted: false, isOnHold: true };
/** As the client makes it of a participant, */
const identifier = { phoneNumber: number, rawId: `4:${number}` };
/** and as it passes it on where it makes nothing of it. */
const asSent = (value: string) => ({ kind: 'phoneNumber', rawId: `4:${value}`, phoneNumber: { value } });

export const common = {
  callConnectionId: 'c',
  serverCallId: 's',
  correlationId: 'r',
  operationContext: 'mine',
} as const;

type Fields = Omit<CallbackEvent, 'type' | keyof typeof common>;
type Type = CallbackEvent['type'];
type Told = readonly [fields: Fields, reads: object];

const came = (code: number, subCode: number): object => ({ resultInformation: { code, subCode } });
const well = came(200, 0);
const because = (situation: Situation, particulars?: Particulars): Fields => ({
  outcome: outcome(situation, at, particulars),
});
const done = because('operation-done@media');
const cancelled: Told = [because('operation-cancelled@media'), came(400, 8508)];
const busy = because('sip-486@inviting', {
  sip: { code: 486, message: 'Busy Here' },
  q850: { code: 17, message: 'User busy' },
});
const readsBusy = {
  resultInformation: {
    code: 486,
    subCode: 560486,
    sipDetails: { code: 486, message: 'Busy Here' },
    q850Details: { code: 17, message: 'User busy' },
  },
};
const streaming = (mediaStreamingStatus: string, mediaStreamingStatusDetails: string): object => ({
  mediaStreamingUpdate: { contentType: 'Audio', mediaStreamingStatus, mediaStreamingStatusDetails },
});
const transcription = (transcriptionStatus: string, transcriptionStatusDetails: string): object => ({
  transcriptionUpdate: { transcriptionStatus, transcriptionStatusDetails },
});

const told: Readonly<Record<Type, Told>> = {
  CallConnected: [
    because('established@connected'),
    { resultInformation: { code: 200, subCode: 0, message: '' } },
  ],
  CallDisconnected: [because('callee-hung-up@connected'), came(200, 560000)],
  CreateCallFailed: [busy, readsBusy],
  AnswerFailed: [because('caller-cancelled@offering'), came(487, 540487)],
  ConnectFailed: [because('too-long@connected'), came(429, 10110)],
  ParticipantsUpdated: [
    { participants: [phone], sequenceNumber: 3 },
    { ...well, participants: [{ identifier, isMuted: false, isOnHold: true }], sequenceNumber: 3 },
  ],
  AddParticipantSucceeded: [
    { participant: phone, ...because('established@connected') },
    { ...well, participant: identifier },
  ],
  AddParticipantFailed: [
    { participant: phone, ...busy },
    { ...readsBusy, participant: identifier },
  ],
  CancelAddParticipantSucceeded: [
    { invitationId: 'i', ...because('invitation-withdrawn@inviting') },
    { ...came(200, 5300), invitationId: 'i' },
  ],
  RemoveParticipantSucceeded: [
    { participant: phone, ...because('established@connected') },
    { ...well, participant: identifier },
  ],
  MoveParticipantSucceeded: [
    { participant: phone, fromCall: 'f', ...because('established@connected') },
    { ...well, participant: identifier, fromCall: 'f' },
  ],
  MoveParticipantFailed: [
    { participant: phone, fromCall: 'f', ...because('media-fault@media') },
    { ...came(500, 9999), participant: identifier, fromCall: 'f' },
  ],
  HoldFailed: [because('prompt-unfetched@media'), came(400, 8536)],
  PlayStarted: [done, well],
  PlayCompleted: [done, well],
  PlayFailed: [
    { failedPlaySourceIndex: 1, ...because('prompt-wrong-format@media') },
    { ...came(400, 8535), failedPlaySourceIndex: 1 },
  ],
  PlayCanceled: cancelled,
  RecognizeCompleted: [
    {
      recognized: { type: 'choices', label: 'Yes', phrase: 'yes please', confidence: 0.5 },
      ...because('choice-by-word@media'),
    },
    {
      ...came(200, 8545),
      recognitionType: 'choices',
      choiceResult: { label: 'Yes', recognizedPhrase: 'yes please', confidence: 0.5 },
    },
  ],
  RecognizeFailed: [
    { failedPlaySourceIndex: 0, ...because('prompt-failed@media') },
    { ...came(500, 8511), failedPlaySourceIndex: 0 },
  ],
  RecognizeCanceled: cancelled,
  SendDtmfTonesCompleted: [done, well],
  SendDtmfTonesFailed: [because('media-fault@media'), came(500, 9999)],
  ContinuousDtmfRecognitionToneReceived: [
    { tone: 'pound', sequenceId: 2, ...done },
    { ...well, tone: 'pound', sequenceId: 2 },
  ],
  ContinuousDtmfRecognitionToneFailed: [because('media-fault@media'), came(500, 9999)],
  ContinuousDtmfRecognitionStopped: [done, well],
  RecordingStateChanged: [
    { recording: { id: 'recording', active: true, since: at } },
    { recordingId: 'recording', state: 'active', startDateTime: new Date(at).toISOString() },
  ],
  StartRecordingFailed: [
    { recording: { id: 'recording', active: false }, ...because('duplicate-recording@media') },
    { ...came(400, 8553), recordingId: 'recording' },
  ],
  MediaStreamingStarted: [
    { stream: 'subscription-started', ...done },
    { ...well, ...streaming('mediaStreamingStarted', 'subscriptionStarted') },
  ],
  MediaStreamingStopped: [
    { stream: 'subscription-stopped', ...done },
    { ...well, ...streaming('mediaStreamingStopped', 'subscriptionStopped') },
  ],
  MediaStreamingFailed: [
    { stream: 'handshake-failed', ...because('streaming-failed@media') },
    { ...came(500, 8603), ...streaming('mediaStreamingFailed', 'initialWebSocketConnectionFailed') },
  ],
  TranscriptionStarted: [
    { stream: 'subscription-started', ...done },
    { ...well, ...transcription('transcriptionStarted', 'subscriptionStarted') },
  ],
  TranscriptionStopped: [
    { stream: 'subscription-stopped', ...done },
    { ...well, ...transcription('transcriptionStopped', 'subscriptionStopped') },
  ],
  TranscriptionUpdated: [
    { stream: 'locale-updated', ...done },
    { ...well, ...transcription('transcriptionUpdated', 'transcriptionLocaleUpdated') },
  ],
  TranscriptionFailed: [
    { stream: 'speech-unreachable', ...because('transcription-failed@media') },
    { ...came(500, 8578), ...transcription('transcriptionFailed', 'speechServicesConnectionError') },
  ],
  CallTransferAccepted: [
    {
      ...because('target-answered@transferring'),
      transferTarget: phoneNumber(other),
      transferee: phoneNumber(number),
    },
    { ...well, transferTarget: asSent(other), transferee: asSent(number) },
  ],
  CallTransferFailed: [because('target-busy@transferring'), came(486, 8539)],
};

export const everyCallback: readonly Callback[] = (Object.keys(told) as Type[]).map((type) => {
  const [fields, reads] = told[type];
  return { event: { type, ...common, ...fields }, reads: { ...reads, kind: type } };
});

/** What a recognise may have heard besides one of its choices. */
export const otherResults: readonly Callback[] = [
  {
    event: {
      type: 'RecognizeCompleted',
      ...common,
      recognized: { type: 'dtmf', tones: ['four', 'two'] },
      ...because('tones-complete@media'),
    },
    reads: { ...came(200, 8531), recognitionType: 'dtmf', dtmfResult: { tones: ['four', 'two'] } },
  },
  {
    event: {
      type: 'RecognizeCompleted',
      ...common,
      recognized: { type: 'speech', speech: 'good morning' },
      ...because('speech-recognised@media'),
    },
    reads: { ...came(200, 8569), recognitionType: 'speech', speechResult: { speech: 'good morning' } },
  },
];
