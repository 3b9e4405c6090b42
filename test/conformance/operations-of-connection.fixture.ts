/** The operations of CallConnection, each where it succeeds and where it fails. */
import assert from 'node:assert/strict';
import type { CallConnection } from '@azure/communication-call-automation';
import { invite, phone } from '../peers/application.ts';
import {
  call,
  carol,
  connected,
  connecting,
  ended,
  happens,
  next,
  nobody,
  notYet,
  type OperationsOf,
  otherPhone,
  ringing,
  silentPhone,
  stage,
  them,
  unknown,
} from './operations.fixture.ts';

/** What asks nothing of a server, and why. */
export const connectionAccessors = { getCallMedia: 'hands out a CallMedia' } as const;

export const connectionOperations: OperationsOf<
  CallConnection,
  'CallConnection',
  keyof typeof connectionAccessors
> = {
  'CallConnection.getCallConnectionProperties': {
    async succeeds() {
      const { id } = await connected();
      assert.equal((await call(id).getCallConnectionProperties()).callConnectionState, 'connected');
    },
    fails: [
      {
        when: 'nobody knows the call',
        act: () => call(nobody).getCallConnectionProperties(),
        answer: unknown,
      },
    ],
  },
  'CallConnection.hangUp': {
    async succeeds() {
      const { id } = await connected();
      await call(id).hangUp(false);
      await happens('CallDisconnected', id, [200, 7000]);
    },
    fails: [
      {
        when: 'the call has ended',
        act: async () => call(await ended()).hangUp(true),
        answer: { statusCode: 400, code: '8528' },
      },
    ],
  },
  'CallConnection.getParticipant': {
    async succeeds() {
      const { isMuted, isOnHold } = await call((await connected()).id).getParticipant(them);
      assert.deepEqual([isMuted, isOnHold], [false, false]);
    },
    fails: [
      {
        when: 'they are not in the call',
        act: async () => call((await connected()).id).getParticipant(phone(otherPhone)),
        answer: unknown,
      },
    ],
  },
  'CallConnection.listParticipants': {
    async succeeds() {
      const { values } = await call((await connected()).id).listParticipants();
      assert.equal(values?.length, 2);
    },
    fails: [{ when: 'nobody knows the call', act: () => call(nobody).listParticipants(), answer: unknown }],
  },
  'CallConnection.addParticipant': {
    async succeeds() {
      const { id } = await connected();
      await call(id).addParticipant(invite(otherPhone));
      await happens('AddParticipantSucceeded', id);
    },
    fails: [
      {
        when: 'they are in the call',
        act: async () => call((await connected()).id).addParticipant(invite(silentPhone)),
        answer: { statusCode: 409, code: '8519' },
      },
      {
        when: 'nobody has answered the call',
        act: async () => call(await connecting()).addParticipant(invite(otherPhone)),
        answer: notYet,
      },
    ],
  },
  'CallConnection.transferCallToParticipant': {
    async succeeds() {
      const { id } = await connected();
      await call(id).transferCallToParticipant(phone(otherPhone));
      await happens('CallTransferAccepted', id);
    },
    fails: [
      {
        when: 'nobody has answered the call',
        act: async () => call(await connecting()).transferCallToParticipant(phone(otherPhone)),
        answer: notYet,
      },
    ],
  },
  'CallConnection.removeParticipant': {
    async succeeds() {
      const { id } = await connected();
      await call(id).addParticipant(invite(otherPhone));
      await next('AddParticipantSucceeded', id);
      await call(id).removeParticipant(phone(otherPhone));
      await happens('RemoveParticipantSucceeded', id);
    },
    fails: [
      {
        when: 'they are not in the call',
        act: async () => call((await connected()).id).removeParticipant(phone(otherPhone)),
        answer: unknown,
      },
    ],
  },
  'CallConnection.muteParticipant': {
    async succeeds() {
      const { id } = await connected();
      const user = await stage.server.client(carol);
      await call(id).addParticipant({ targetParticipant: { communicationUserId: carol } });
      (await user.ringing()).answer();
      await next('AddParticipantSucceeded', id);
      await call(id).muteParticipant({ communicationUserId: carol });
      assert.equal((await call(id).getParticipant({ communicationUserId: carol })).isMuted, true);
    },
    fails: [
      {
        when: 'it is a phone',
        act: async () => call((await connected()).id).muteParticipant(them),
        answer: { statusCode: 405, code: '8520' },
      },
    ],
  },
  'CallConnection.cancelAddParticipantOperation': {
    async succeeds() {
      const { id } = await connected();
      const { invitationId = '' } = await call(id).addParticipant(invite(ringing));
      await call(id).cancelAddParticipantOperation(invitationId);
      await happens('CancelAddParticipantSucceeded', id, [200, 5300]);
    },
    fails: [
      {
        when: 'nobody was invited by that id',
        act: async () => call((await connected()).id).cancelAddParticipantOperation(nobody),
        answer: unknown,
      },
    ],
  },
  'CallConnection.moveParticipants': {
    async succeeds() {
      const { id: from } = await connected(otherPhone);
      const { id } = await connected();
      await call(id).moveParticipants([phone(otherPhone)], from);
      await happens('MoveParticipantSucceeded', id);
    },
    fails: [
      {
        when: 'nobody knows the call that they are in',
        act: async () => call((await connected()).id).moveParticipants([phone(otherPhone)], nobody),
        answer: unknown,
      },
    ],
  },
};
