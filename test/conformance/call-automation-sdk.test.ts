/** The unmodified Call Automation client against the whole server, over plain HTTP and over HTTPS with the local CA. */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { signedRequest } from '../../src/main/signed-request.ts';
import { issueCertificate } from '../../src/main.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import {
  type Application,
  type ApplicationOptions,
  invite,
  openApplication,
  phone,
  resultOf,
} from '../peers/application.ts';
import { reached } from '../peers/timeline.ts';

const answers = '+15005552000';
for (const scheme of ['http', 'https'] as const) {
  describe(`an application that uses the official client over ${scheme}`, () => {
    let server: Ringback;
    let app: Application;
    const dial = (to: string, forSeconds?: number) =>
      signedRequest(server.server.ready, 'POST', 'dial', {
        from: '+15005552000',
        to,
        ...(forSeconds === undefined ? {} : { forSeconds }),
      });

    before(async () => {
      server = await startRingback();
      const webhook = await issueCertificate(dirname(server.caFile), ['localhost']);
      const options: ApplicationOptions = { server: server.server.ready };
      app = await openApplication(
        scheme === 'https' ? { ...options, tls: { ca: server.ca, webhook } } : options,
      );
      await app.listen();
    });
    after(async () => {
      await server.stop();
      await app[Symbol.asyncDispose]();
    });

    test('calls a phone, sees who is in the call and leaves it', async () => {
      const { callConnection, callConnectionProperties: made } = await app.client.createCall(
        invite(answers),
        app.callbackUrl,
        { operationContext: 'my context' },
      );
      const id = made.callConnectionId;
      assert.ok(id);
      assert.deepEqual([made.callConnectionState, made.serverCallId], ['connecting', undefined]);
      assert.deepEqual(made.targetParticipants, [{ phoneNumber: answers, rawId: `4:${answers}` }]);

      const connected = await app.next('CallConnected', id);
      assert.deepEqual(connected.resultInformation, { code: 200, subCode: 0, message: '' });
      assert.equal(connected.operationContext, 'my context');
      assert.equal(connected.correlationId, made.correlationId);
      const updated = await app.next('ParticipantsUpdated', id);
      assert.equal(updated.sequenceNumber, 1);
      const there = updated.participants?.map(({ identifier }) => identifier) ?? [];
      assert.ok(there.some((identifier) => identifier && 'phoneNumber' in identifier));

      const read = await callConnection.getCallConnectionProperties();
      assert.deepEqual(
        [read.callConnectionState, read.serverCallId, read.callbackUrl],
        ['connected', connected.serverCallId, made.callbackUrl],
      );
      const { values = [] } = await callConnection.listParticipants();
      assert.deepEqual(
        values.map(({ identifier }) => identifier),
        there,
      );
      const one = await callConnection.getParticipant(phone(answers));
      assert.deepEqual(one, {
        identifier: { phoneNumber: answers, rawId: `4:${answers}` },
        isMuted: false,
        isOnHold: false,
      });

      await callConnection.hangUp(false);
      const ended = await app.next('CallDisconnected', id);
      assert.deepEqual(resultOf(ended), [200, 7000]);
      assert.equal(ended.operationContext, 'my context');
      assert.equal(app.stream(id).at(-1), 'CallDisconnected');
      assert.equal((await callConnection.getCallConnectionProperties()).callConnectionState, 'disconnected');
    });

    test('ends a call for everyone', async () => {
      const { callConnection } = await app.client.createCall(invite('+15005552001'), app.callbackUrl);
      const { callConnectionId: id = '' } = await app.next('CallConnected');
      await callConnection.hangUp(true);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
    });

    test('gives up a call that rings: 487, and no CreateCallFailed', async () => {
      const { callConnection, callConnectionProperties } = await app.client.createCall(
        invite('+15005551800'),
        app.callbackUrl,
      );
      const { callConnectionId: id = '' } = callConnectionProperties;
      await reached(server.server.ready, id, /^180 /);
      await callConnection.hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [487, 0]);
      assert.deepEqual(app.stream(id), ['CallDisconnected']);
    });

    test('is told the words of a carrier that is busy', async () => {
      const { callConnectionProperties } = await app.client.createCall(
        invite('+15005554860'),
        app.callbackUrl,
        { operationContext: 'busy' },
      );
      const { callConnectionId: id = '' } = callConnectionProperties;
      const failed = await app.next('CreateCallFailed', id);
      assert.deepEqual(resultOf(failed), [486, 560486]);
      assert.deepEqual(failed.resultInformation?.sipDetails, { code: 486, message: 'Busy Here' });
      assert.deepEqual(failed.resultInformation?.q850Details, { code: 17, message: 'User busy' });
      const ended = await app.next('CallDisconnected', id);
      assert.deepEqual(ended.resultInformation, failed.resultInformation);
      assert.deepEqual(
        [failed.operationContext, ended.operationContext, app.stream(id)],
        ['busy', 'busy', ['CreateCallFailed', 'CallDisconnected']],
      );
    });

    test('calls a group of which one phone is busy, and goes on with the others', async () => {
      const { callConnection, callConnectionProperties } = await app.client.createGroupCall(
        [phone('+15005552002'), phone('+15005554861'), phone('+15005552003')],
        app.callbackUrl,
        { sourceCallIdNumber: phone('+18005550100') },
      );
      const { callConnectionId: id = '', targetParticipants } = callConnectionProperties;
      assert.equal(targetParticipants?.length, 3);
      await app.next('CallConnected', id);
      const failed = await app.next('AddParticipantFailed', id);
      assert.deepEqual(resultOf(failed), [486, 560486]);
      assert.deepEqual(failed.participant, phoneOf('+15005554861'));
      // The application and two phones, however their changes were told.
      for (let there = 0; there < 3; ) {
        const { participants = [] } = await app.next('ParticipantsUpdated', id);
        there = participants.length;
      }
      const numbers = app.events.flatMap((event) =>
        event.kind === 'ParticipantsUpdated' && event.callConnectionId === id ? [event.sequenceNumber] : [],
      );
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
        'sequence numbers count from 1',
      );
      await callConnection.hangUp(true);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      assert.equal(app.stream(id).at(-1), 'CallDisconnected');
    });

    test('answers a phone, which hangs up', async () => {
      await dial('+18005550101', 30);
      const { incomingCallContext, from, to } = await app.incoming();
      assert.deepEqual([from.rawId, to.rawId], ['4:+15005552000', '4:+18005550101']);
      const { callConnectionProperties, callConnection } = await app.client.answerCall(
        incomingCallContext,
        app.callbackUrl,
        { operationContext: 'answered' },
      );
      const { callConnectionId: id = '', answeredFor, serverCallId } = callConnectionProperties;
      assert.deepEqual(answeredFor, phone('+18005550101'));
      const connected = await app.next('CallConnected', id);
      assert.deepEqual([connected.operationContext, connected.serverCallId], ['answered', serverCallId]);
      await app.next('ParticipantsUpdated', id);
      assert.equal((await callConnection.getCallConnectionProperties()).callConnectionState, 'connected');
      await server.clock.advance('30s');
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 540000]);
      assert.deepEqual(app.stream(id).at(-1), 'CallDisconnected');
    });
  });
}

const phoneOf = (phoneNumber: string) => ({ phoneNumber, rawId: `4:${phoneNumber}` });
