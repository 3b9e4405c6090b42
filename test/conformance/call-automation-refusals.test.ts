/** What the official client reads when a request cannot be served: `RestError.statusCode`, `.code` and a message. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { CallConnection } from '@azure/communication-call-automation';
import { developmentKey } from '../../src/config/development.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, phone } from '../peers/application.ts';
import { openLossyProxy } from '../peers/lossy-proxy.ts';
import { startServerProcess } from '../peers/server-process.ts';

const otherKey = Buffer.from('the second resource of a server that tests start, 64 bytes long.').toString(
  'base64',
);
const settings = `
resources:
  - { name: dev, id: 2fd14f97-5cf0-45a2-a59b-45a43541727c, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
`;
const unknown = { statusCode: 404, code: '8522' };
const answering = '+15005552000';

describe('the official client is told', () => {
  let server: Ringback;
  let app: Application;
  let foreign: Application;
  before(async () => {
    server = await startRingback({ config: settings });
    app = await openApplication({ server: server.server.ready });
    foreign = await openApplication({ server: server.server.ready, accessKey: otherKey });
    await app.listen();
  });
  after(async () => {
    await server.stop();
    await app[Symbol.asyncDispose]();
    await foreign[Symbol.asyncDispose]();
  });

  const onCall: Readonly<Record<string, (call: CallConnection) => Promise<unknown>>> = {
    getCallConnectionProperties: (call) => call.getCallConnectionProperties(),
    listParticipants: (call) => call.listParticipants(),
    getParticipant: (call) => call.getParticipant(phone(answering)),
    'hangUp(false)': (call) => call.hangUp(false),
    'hangUp(true)': (call) => call.hangUp(true),
  };
  for (const [name, act] of Object.entries(onCall)) {
    test(`404/8522 by ${name} of a call that nobody knows`, async () => {
      const call = app.client.getCallConnection('11111111-2222-4333-8444-555555555555');
      await assert.rejects(act(call), unknown);
    });

    test(`404/8522 by ${name} of another resource's call, which goes on`, async () => {
      const { callConnection } = await app.client.createCall(invite(answering), app.callbackUrl);
      const { callConnectionId: id = '' } = await app.next('CallConnected');
      await assert.rejects(act(foreign.client.getCallConnection(id)), unknown);
      assert.equal((await callConnection.getCallConnectionProperties()).callConnectionState, 'connected');
      await callConnection.hangUp(true);
      await app.next('CallDisconnected', id);
    });
  }

  const onContext: Readonly<Record<string, (by: Application, context: string) => Promise<unknown>>> = {
    answerCall: (by, context) => by.client.answerCall(context, by.callbackUrl),
    rejectCall: (by, context) => by.client.rejectCall(context),
    redirectCall: (by, context) => by.client.redirectCall(context, { targetParticipant: phone(answering) }),
  };
  for (const [name, act] of Object.entries(onContext)) {
    test(`403/7507 by ${name} with the context of another resource`, async () => {
      const { callConnection, callConnectionProperties } = await app.client.createCall(
        invite('+18005550102'),
        app.callbackUrl,
      );
      const { incomingCallContext } = await app.incoming();
      await assert.rejects(act(foreign, incomingCallContext), {
        statusCode: 403,
        code: '7507',
        message: /issued to resource/,
      });
      await callConnection.hangUp(true);
      await app.next('CallDisconnected', callConnectionProperties.callConnectionId);
    });

    test(`404/8522 by ${name} with a context that was used, 400/8528 once that call is over`, async () => {
      const { callConnection } = await app.client.createCall(invite('+18005550102'), app.callbackUrl);
      const { incomingCallContext } = await app.incoming();
      await app.client.answerCall(incomingCallContext, app.callbackUrl);
      await assert.rejects(act(app, incomingCallContext), { ...unknown, message: /used already/ });
      await callConnection.hangUp(true);
      await app.next('CallDisconnected');
      await app.next('CallDisconnected');
      await assert.rejects(act(app, incomingCallContext), { statusCode: 400, code: '8528' });
    });

    test(`400/8523 by ${name} with what is no context`, async () => {
      await assert.rejects(act(app, 'made up'), {
        statusCode: 400,
        code: '8523',
        message: /The field IncomingCallContext is invalid/,
      });
    });
  }

  for (const forEveryone of [false, true]) {
    test(`400/8528 by hangUp(${forEveryone}) of a call that is over, and 404/8522 once it is forgotten`, async () => {
      const { callConnection, callConnectionProperties } = await app.client.createCall(
        invite('+15005554860'),
        app.callbackUrl,
      );
      await app.next('CallDisconnected', callConnectionProperties.callConnectionId);
      await assert.rejects(callConnection.hangUp(forEveryone), { statusCode: 400, code: '8528' });
      await server.clock.advance('61s');
      await assert.rejects(callConnection.hangUp(forEveryone), unknown);
    });
  }

  test('404/8522 for a participant who is not in the call', async () => {
    const { callConnection } = await app.client.createCall(invite(answering), app.callbackUrl);
    await app.next('CallConnected');
    await assert.rejects(callConnection.getParticipant(phone('+15005559999')), unknown);
    await callConnection.hangUp(true);
    await app.next('CallDisconnected');
  });

  test('405/8520 and the name of an option that is not served', async () => {
    const teamsAppSource = { teamsAppId: '5f2c0d7e-8f14-4d0e-9a53-1f2f3b1c9d55', cloud: 'public' } as const;
    await assert.rejects(app.client.createCall(invite(answering), app.callbackUrl, { teamsAppSource }), {
      statusCode: 405,
      code: '8520',
      message: /teamsAppSource/,
    });
  });

  test('nothing of a lost answer: the retry of the SDK gets the same call', async () => {
    await using proxy = await openLossyProxy(Number(new URL(server.httpEndpoint).port));
    await using behind = await openApplication({
      server: server.server.ready,
      endpoint: `http://localhost:${proxy.port}/`,
      maxRetries: 2,
    });
    const known = async () => {
      const { value } = (await signedRequest(server.server.ready, 'GET', 'calls?limit=1000', undefined)) as {
        readonly value: readonly { readonly connectionIds: readonly string[] }[];
      };
      return value.flatMap(({ connectionIds }) => connectionIds);
    };
    const before = await known();
    const { callConnectionProperties } = await behind.client.createCall(
      invite(answering),
      behind.callbackUrl,
    );
    assert.equal(proxy.lost, 1);
    const { callConnectionId: id = '' } = callConnectionProperties;
    assert.deepEqual(
      (await known()).filter((one) => !before.includes(one)),
      [id],
    );
    await behind.next('CallConnected', id);
    await behind.client.getCallConnection(id).hangUp(true);
    await behind.next('CallDisconnected', id);
  });
});

test('a server that was not told to allow http callbacks refuses them with the documented sentence', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'ringback-refusals-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  await using server = await startServerProcess({ data });
  await using app = await openApplication({ server: server.ready });
  const refusal = { statusCode: 400, code: '8523', message: /The field CallbackUri is invalid/ };
  await assert.rejects(app.client.createCall(invite(answering), app.callbackUrl), refusal);
  await assert.rejects(app.client.answerCall('context', app.callbackUrl), refusal);
});
