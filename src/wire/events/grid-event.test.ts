import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CallingEvent, type GridEvent, gridSubject } from '../../domain/call/events.ts';
import { outcome } from '../../domain/call/outcome.ts';
import { communicationUser, parseRawId, phoneNumber } from '../../domain/ids/identifier.ts';
import { gridEvent, gridTopic } from './grid-event.ts';
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
  incomingCallContext: 'opaque',
  correlationId: 'correlation',
  offerId: 'ours alone',
};

test('IncomingCall in the Event Grid envelope', () => {
  const event = gridEvent(incoming, envelope, 'eventgrid');
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
  const { customContext, ...fields } = data as { customContext: { sipHeaders: Record<string, string> } };
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
  const grid = gridEvent(incoming, envelope, 'eventgrid');
  const cloud = gridEvent(incoming, envelope, 'cloudevents');
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
  const started = gridEvent({ type: 'CallStarted', ...calling }, envelope, 'eventgrid');
  assert.equal(started.subject, 'call/server/startedBy/4:+15005552000');
  const added = gridEvent(
    { type: 'CallParticipantAdded', user, participantId: 'p1', ...calling },
    envelope,
    'eventgrid',
  );
  assert.equal(added.subject, 'call/server/participant/8:acs:r_u');
  assert.deepEqual(added.data.user, { communicationIdentifier: identifierModel(user), role: 'Attendee' });
  const reason = outcome('callee-hung-up@connected', at);
  const ended = gridEvent(
    { type: 'CallEnded', endedBy: user, outcome: reason, durationMs: 2500, ...calling },
    envelope,
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

test('the subject on the wire is the one by which subscriptions are matched', () => {
  const user = communicationUser('8:acs:r_u');
  const events: Record<GridEvent['type'], GridEvent> = {
    IncomingCall: incoming,
    CallStarted: { type: 'CallStarted', ...calling },
    CallParticipantAdded: { type: 'CallParticipantAdded', user, participantId: 'p', ...calling },
    CallParticipantRemoved: { type: 'CallParticipantRemoved', user, participantId: 'p', ...calling },
    CallEnded: {
      type: 'CallEnded',
      outcome: outcome('callee-hung-up@connected', at),
      durationMs: 1,
      ...calling,
    },
  };
  for (const event of Object.values(events)) {
    for (const schema of ['eventgrid', 'cloudevents'] as const) {
      assert.equal(gridEvent(event, envelope, schema).subject, gridSubject(event));
    }
  }
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
