import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParticipantRecord } from '../../domain/call/events.ts';
import { outcome, sipFinal } from '../../domain/call/outcome.ts';
import { communicationUser, phoneNumber } from '../../domain/ids/identifier.ts';
import { callAutomationOperation, callSummary } from './call-summary.ts';

const at = Date.UTC(2026, 0, 15, 10, 0, 0);

const phone: ParticipantRecord = {
  correlationId: 'correlation-1',
  callStartedAt: at,
  startedAt: at + 20,
  endedAt: at + 6400,
  connectedMs: 0,
  participantId: 'leg-1',
  identifier: phoneNumber('+15005554860'),
  endpoint: 'PSTN',
  direction: 'outbound',
  outcome: sipFinal({ code: 486, message: 'Busy Here' }, at + 6400),
};

test('a phone is told with code, subcode and category, and without its number', () => {
  const { properties, ...record } = callSummary(phone, { resourceId: 'resource-1', callType: 'P2P' });
  assert.deepEqual(record, {
    time: '2026-01-15T10:00:06.400Z',
    resourceId: 'resource-1',
    operationName: 'CallSummary',
    operationVersion: '1.0',
    category: 'CallSummary',
    correlationId: 'correlation-1',
  });
  assert.equal(properties.participantEndReason, '486');
  assert.equal(properties.participantEndSubCode, '560486');
  assert.equal(properties.resultCategory, 'Success');
  assert.equal(properties.identifier, 'null');
  assert.equal(properties.pstnParticipantCallType, 'PSTN outbound');
  assert.equal(properties.callDuration, 6);
  assert.equal(properties.participantDuration, 0);
  assert.ok(!JSON.stringify(properties).includes('+15005554860'));
});

test('an application is told as a BOT by its identity without 8:', () => {
  const { direction: _, ...rest } = phone;
  const { properties } = callSummary(
    {
      ...rest,
      endpoint: 'BOT',
      identifier: communicationUser('8:acs:res_app'),
      outcome: outcome('server-restarted@alive', at),
    },
    { resourceId: 'resource-1' },
  );
  assert.equal(properties.identifier, 'acs:res_app');
  assert.equal(properties.endpointType, 'BOT');
  assert.equal(properties.participantEndReason, '500');
  assert.equal(properties.participantEndSubCode, '0');
  assert.equal(properties.callType, 'null');
  assert.equal(properties.pstnParticipantCallType, 'null');
});

test('an operation carries the HTTP status and the SDK that asked', () => {
  const { properties, operationName, operationVersion } = callAutomationOperation({
    at,
    resourceId: 'resource-1',
    operation: 'CreateCall',
    apiVersion: '2025-05-15',
    requestId: 'request-1',
    status: 400,
    durationMs: 3.4,
    url: 'https://localhost:8443/calling/callConnections',
    userAgent: 'azsdk-js-communication-call-automation/1.6.0 core-rest-pipeline/1.19.0 Node/24.0.0',
  });
  assert.equal(operationName, 'CreateCall');
  assert.equal(operationVersion, '2025-05-15');
  assert.equal(properties.resultSignature, 400);
  assert.equal(properties.resultType, 'Failed');
  assert.equal(properties.durationMs, 3);
  assert.equal(properties.sdkType, 'js');
  assert.equal(properties.sdkVersion, '1.6.0');
  assert.equal(properties.callConnectionId, 'null');
});
