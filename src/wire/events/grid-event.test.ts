import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CallingEvent, type GridEvent, gridSubject } from '../../domain/call/events.ts';
import { outcome } from '../../domain/call/outcome.ts';
import { communicationUser, parseRawId, phoneNumber } from '../../domain/ids/identifier.ts';
import { type EventGridEvent, type GridCloudEvent, gridEvent, gridTopic } from './grid-event.ts';
import { identifierModel } from './identifier.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const envelope = { id: 'event', at, topic: gridTopic('local') };
const calling: CallingEvent = {
  startedBy: phoneNumber('+15005552000'),
  serverCallId: 'server',
  correlationId: 'correlation',
  isTwoParty: true,
};
const incoming: GridEvent = {
  type: 'IncomingCall',
  from: phoneNumber('+15005552000'),
  to: communicationUser('8:acs:r_u'),
  serverCallId: 'server',
  callerDisplayName: 'Carla',
  headers: [
    { name: 'X-Ticket', value: '42' },
    { name: 'X-Ticket', value: '43' },
    { name: '__proto__', value: 'harmless' },
  ],
  voipHeaders: [{ name: 'ticket', value: '7' }],
  incomingCallContext: 'opaque',
  correlationId: 'correlation',
  offerId: 'ours alone',
};

/** As the desk owes it: under the subject by which it was matched. */
function onWire(event: GridEvent, schema: 'eventgrid'): EventGridEvent;
function onWire(event: GridEvent, schema: 'cloudevents'): GridCloudEvent;
function onWire(event: GridEvent, schema: 'eventgrid' | 'cloudevents'): EventGridEvent | GridCloudEvent {
  return gridEvent(event, { ...envelope, subject: gridSubject(event) }, schema);
}

test('IncomingCall in the Event Grid envelope', () => {
  const event = onWire(incoming, 'eventgrid');
  const { data, ...rest } = event;
  assert.deepEqual(rest, {
    id: 'event',
    topic:
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ringback/providers/Microsoft.Communication/communicationServices/local',
    subject: '/caller/4:+15005552000/recipient/8:acs:r_u',
    eventType: 'Microsoft.Communication.IncomingCall',
    dataVersion: '1.0',
    metadataVersion: '1',
    eventTime: '2026-01-02T03:04:05.678Z',
  });
  const { customContext, ...fields } = data as {
    customContext: { sipHeaders: Record<string, string>; voipHeaders: Record<string, string> };
  };
  assert.deepEqual(customContext.voipHeaders, { ticket: '7' });
  assert.deepEqual(Object.entries(customContext.sipHeaders), [
    ['X-Ticket', '42, 43'],
    ['__proto__', 'harmless'],
  ]);
  assert.deepEqual(fields, {
    to: { kind: 'communicationUser', rawId: '8:acs:r_u', communicationUser: { id: '8:acs:r_u' } },
    from: { kind: 'phoneNumber', rawId: '4:+15005552000', phoneNumber: { value: '+15005552000' } },
    serverCallId: 'server',
    callerDisplayName: 'Carla',
    incomingCallContext: 'opaque',
    correlationId: 'correlation',
  });
});

test('the CloudEvents envelope carries the same data', () => {
  const grid = onWire(incoming, 'eventgrid');
  const cloud = onWire(incoming, 'cloudevents');
  assert.deepEqual(cloud, {
    id: 'event',
    source: grid.topic,
    subject: grid.subject,
    type: grid.eventType,
    time: grid.eventTime,
    data: grid.data,
    specversion: '1.0',
  });
});

test('the events of a call name who started it, who came, who went and why it ended', () => {
  const user = communicationUser('8:acs:r_u');
  const started = onWire({ type: 'CallStarted', ...calling }, 'eventgrid');
  assert.equal(started.subject, 'call/server/startedBy/4:+15005552000');
  const added = onWire({ type: 'CallParticipantAdded', user, participantId: 'p1', ...calling }, 'eventgrid');
  assert.equal(added.subject, 'call/server/participant/8:acs:r_u');
  assert.deepEqual(added.data.user, { communicationIdentifier: identifierModel(user), role: 'Attendee' });
  const reason = outcome('callee-hung-up@connected', at);
  const ended = onWire(
    { type: 'CallEnded', endedBy: user, outcome: reason, durationMs: 2500, ...calling },
    'eventgrid',
  );
  assert.equal(ended.subject, 'call/server');
  assert.deepEqual(ended.data.reason, { code: reason.code, subCode: reason.subCode, phrase: reason.name });
  assert.equal(ended.data.callDurationInSeconds, 2.5);
  assert.deepEqual(ended.data.endedBy, {
    communicationIdentifier: identifierModel(user),
    kind: 'participant',
    name: '8:acs:r_u',
  });
});

test('every kind of identifier has its model', () => {
  const table = {
    '4:anonymous': { kind: 'phoneNumber', phoneNumber: { value: 'anonymous', isAnonymous: true } },
    '8:gcch-acs:r_u': { kind: 'communicationUser', communicationUser: { id: '8:gcch-acs:r_u' } },
    '8:orgid:G': {
      kind: 'microsoftTeamsUser',
      microsoftTeamsUser: { userId: 'G', isAnonymous: false, cloud: 'public' },
    },
    '8:dod:G': {
      kind: 'microsoftTeamsUser',
      microsoftTeamsUser: { userId: 'G', isAnonymous: false, cloud: 'dod' },
    },
    '8:teamsvisitor:V': {
      kind: 'microsoftTeamsUser',
      microsoftTeamsUser: { userId: 'V', isAnonymous: true, cloud: 'public' },
    },
    '28:gcch:A': { kind: 'microsoftTeamsApp', microsoftTeamsApp: { appId: 'A', cloud: 'gcch' } },
    '28:bot': { kind: 'unknown' },
  };
  for (const [rawId, model] of Object.entries(table)) {
    const identifier = parseRawId(rawId) ?? assert.fail(rawId);
    assert.deepEqual(identifierModel(identifier), { rawId, ...model });
  }
});

test('RecordingFileStatusUpdated says where the file is and what is in it, in both envelopes', () => {
  const chunk = {
    documentId: 'doc',
    index: 0,
    contentLocation: 'https://ringback.asm.skype.com/v1/objects/doc/content/audio',
    metadataLocation: 'https://ringback.asm.skype.com/v1/objects/doc/content/acsmetadata',
    deleteLocation: 'https://ringback.asm.skype.com/v1/objects/doc',
    contentLocationPlain: 'https://localhost/v1/objects/doc/content/audio',
  };
  const event: GridEvent = {
    type: 'RecordingFileStatusUpdated',
    callConnectionId: 'connection',
    serverCallId: 'server',
    recordingId: 'recording',
    content: 'audio',
    channels: 'unmixed',
    format: 'wav',
    chunks: [chunk],
    startedAt: at,
    durationMs: 2500,
    storage: 'here',
    endReason: 'StoppedByUser',
  };
  const { data, subject, eventType } = onWire(event, 'eventgrid');
  assert.equal(subject, '/recording/call/connection/serverCallId/server/recordingId/recording');
  assert.equal(eventType, 'Microsoft.Communication.RecordingFileStatusUpdated');
  assert.deepEqual(data, {
    recordingStorageInfo: {
      recordingChunks: [{ ...chunk, endReason: 'SessionEnded' }],
      recordingStorageKind: 'azureCommunicationServices',
    },
    recordingStartTime: '2026-01-02T03:04:05.678Z',
    recordingDurationMs: 2500,
    recordingContentType: 'Audio',
    recordingChannelType: 'Unmixed',
    recordingFormatType: 'Wav',
    sessionEndReason: 'StoppedByUser',
  });
  const exported: GridEvent = {
    ...event,
    content: 'audioVideo',
    channels: 'mixed',
    format: 'mp4',
    storage: 'blob',
  };
  const cloud = onWire({ ...exported, problem: 'kept short' }, 'cloudevents');
  assert.deepEqual(
    [cloud.type, cloud.data.recordingContentType, cloud.data.recordingFormatType, cloud.data.problem],
    ['Microsoft.Communication.RecordingFileStatusUpdated', 'AudioVideo', 'Mp4', 'kept short'],
  );
});
