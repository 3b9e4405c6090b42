import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallbackEvent } from '../../domain/call/events.ts';
import { outcome } from '../../domain/call/outcome.ts';
import { communicationUser, phoneNumber } from '../../domain/ids/identifier.ts';
import { callbackBody, resultInformation } from './callback-body.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const envelope = { id: 'event', at, apiVersion: '2024-09-15' };
const ids = { callConnectionId: 'connection', serverCallId: 'server', correlationId: 'correlation' };

test('a callback is an array with one CloudEvent', () => {
  const event: CallbackEvent = { type: 'CallConnected', ...ids, operationContext: 'mine' };
  assert.deepEqual(callbackBody(event, envelope), [
    {
      id: 'event',
      source: 'calling/callConnections/connection',
      type: 'Microsoft.Communication.CallConnected',
      data: {
        version: '2024-09-15',
        operationContext: 'mine',
        resultInformation: { code: 200, subCode: 0, message: '' },
        ...ids,
        publicEventType: 'Microsoft.Communication.CallConnected',
      },
      time: '2026-01-02T03:04:05.678Z',
      specversion: '1.0',
      datacontenttype: 'application/json',
      subject: 'calling/callConnections/connection',
    },
  ]);
});

test('a calling code 0 is written 200 and keeps its subcode and its name', () => {
  const ended = outcome('callee-hung-up@connected', at);
  assert.equal(ended.code, 0);
  const { code, subCode, message } = resultInformation(ended);
  assert.deepEqual([code, subCode], [200, ended.subCode]);
  assert.ok(message.startsWith(ended.name));
});

test('an established call has an empty message, as there is nothing to explain', () => {
  assert.deepEqual(resultInformation(outcome('established@connected', at)), {
    code: 200,
    subCode: 0,
    message: '',
  });
});

test('the far end speaks in sipDetails and q850Details, our detail in the message', () => {
  const sip = { code: 486, message: 'Busy Here' };
  const q850 = { code: 17, message: 'User busy' };
  const busy = outcome('sip-486@inviting', at, { sip, q850, detail: 'asked twice' });
  const said = resultInformation(busy);
  assert.deepEqual([said.sipDetails, said.q850Details], [sip, q850]);
  assert.match(said.message, /\. asked twice\.$/);
  assert.equal('sipDetails' in resultInformation(outcome('ring-limit@inviting', at)), false);
});

test('participants and a participant are identifier models', () => {
  const phone = { identifier: phoneNumber('+15005552000'), isMuted: false, isOnHold: true };
  const user = { identifier: communicationUser('8:acs:r_u'), isMuted: true, isOnHold: false };
  const [updated] = callbackBody(
    { type: 'ParticipantsUpdated', ...ids, participants: [phone, user], sequenceNumber: 7 },
    envelope,
  );
  assert.deepEqual(updated.data.participants, [
    {
      identifier: { kind: 'phoneNumber', rawId: '4:+15005552000', phoneNumber: { value: '+15005552000' } },
      isMuted: false,
      isOnHold: true,
    },
    {
      identifier: { kind: 'communicationUser', rawId: '8:acs:r_u', communicationUser: { id: '8:acs:r_u' } },
      isMuted: true,
      isOnHold: false,
    },
  ]);
  assert.equal(updated.data.sequenceNumber, 7);
  const [failed] = callbackBody({ type: 'AddParticipantFailed', ...ids, participant: phone }, envelope);
  assert.equal(failed.data.participant?.rawId, '4:+15005552000');
});
