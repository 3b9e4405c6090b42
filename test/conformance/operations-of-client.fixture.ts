/** The operations of CallAutomationClient, each where it succeeds and where it fails. */
import type { CallAutomationClient } from '@azure/communication-call-automation';
import { invite, phone } from '../peers/application.ts';
import {
  callbacks,
  client,
  connected,
  happens,
  invalid,
  nobody,
  type OperationsOf,
  offered,
  otherPhone,
  silentPhone,
  unknown,
} from './operations.fixture.ts';

/** What asks nothing of a server, and why. */
export const clientAccessors = {
  getCallConnection: 'hands out a CallConnection',
  getCallRecording: 'hands out a CallRecording',
  getSourceIdentity: 'tells what the client was made with',
} as const;

export const clientOperations: OperationsOf<
  CallAutomationClient,
  'CallAutomationClient',
  keyof typeof clientAccessors
> = {
  'CallAutomationClient.createCall': {
    async succeeds() {
      const { callConnectionProperties } = await client().createCall(invite(silentPhone), callbacks());
      await happens('CallConnected', callConnectionProperties.callConnectionId ?? '');
    },
    fails: [
      {
        when: 'the callback address is none',
        act: () => client().createCall(invite(silentPhone), 'ftp://localhost/callbacks'),
        answer: invalid,
      },
    ],
  },
  'CallAutomationClient.createGroupCall': {
    async succeeds() {
      const sourceCallIdNumber = phone('+18005550100');
      const targets = [phone(silentPhone), phone(otherPhone)];
      const made = await client().createGroupCall(targets, callbacks(), { sourceCallIdNumber });
      await happens('CallConnected', made.callConnectionProperties.callConnectionId ?? '');
    },
    fails: [
      { when: 'nobody is called', act: () => client().createGroupCall([], callbacks()), answer: invalid },
    ],
  },
  'CallAutomationClient.answerCall': {
    async succeeds() {
      const { caller, context } = await offered();
      const { callConnectionProperties } = await client().answerCall(context, callbacks());
      await happens('CallConnected', callConnectionProperties.callConnectionId ?? '');
      await happens('CallConnected', caller);
    },
    fails: [
      {
        when: 'the context is made up',
        act: () => client().answerCall('made up', callbacks()),
        answer: invalid,
      },
    ],
  },
  'CallAutomationClient.redirectCall': {
    async succeeds() {
      const { caller, context } = await offered();
      await client().redirectCall(context, invite(silentPhone));
      await happens('CallConnected', caller);
    },
    fails: [
      {
        when: 'the context is made up',
        act: () => client().redirectCall('made up', invite(silentPhone)),
        answer: invalid,
      },
    ],
  },
  'CallAutomationClient.rejectCall': {
    async succeeds() {
      const { caller, context } = await offered();
      await client().rejectCall(context, { callRejectReason: 'busy' });
      await happens('CreateCallFailed', caller, [486, 8539]);
    },
    fails: [{ when: 'the context is made up', act: () => client().rejectCall('made up'), answer: invalid }],
  },
  'CallAutomationClient.connectCall': {
    async succeeds() {
      const { locator } = await connected();
      const { callConnectionProperties } = await client().connectCall(locator, callbacks());
      await happens('CallConnected', callConnectionProperties.callConnectionId ?? '');
    },
    fails: [
      {
        when: 'nobody knows the call',
        act: () => client().connectCall({ kind: 'serverCallLocator', id: nobody }, callbacks()),
        answer: unknown,
      },
    ],
  },
};
