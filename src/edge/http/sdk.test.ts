import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { openAuthority } from '../tls/authority.ts';
import {
  connectionId,
  correlationId,
  type Door,
  key,
  openDoor,
  plainKey,
  secondKey,
} from './door.fixture.ts';
import type { HttpAddress } from './server.ts';

const invite = {
  targetParticipant: { phoneNumber: '+15005552001' },
  sourceCallIdNumber: { phoneNumber: '+18005550100' },
} as const;
const callback = 'https://app.example/callbacks?tenant=a b&x=~';

describe('the official Call Automation client', () => {
  let door: Door;
  let address: HttpAddress;
  let ca: string;
  before(async () => {
    const authority = await openAuthority();
    ca = authority.ca;
    door = openDoor();
    address = await door.server.start({
      hosts: ['127.0.0.1', '::1'],
      httpPort: 0,
      https: { port: 0, tls: authority.server },
    });
  });
  after(() => door.server.stop(0));

  const client = (scheme: 'http' | 'https', accessKey = key): CallAutomationClient => {
    const port = scheme === 'http' ? address.httpPort : address.httpsPort;
    return new CallAutomationClient(`endpoint=${scheme}://localhost:${port}/;accesskey=${accessKey}`, {
      retryOptions: { maxRetries: 0 },
      tlsOptions: { ca },
      // The pipeline refuses http without this, with a key as with a token.
      allowInsecureConnection: scheme === 'http',
    });
  };

  for (const scheme of ['http', 'https'] as const) {
    test(`creates, reads and ends a call over ${scheme}`, async () => {
      const { callConnection, callConnectionProperties } = await client(scheme).createCall(invite, callback, {
        operationContext: 'ctx',
      });
      assert.equal(callConnectionProperties.callConnectionId, connectionId);
      assert.equal(callConnectionProperties.callConnectionState, 'connecting');
      assert.equal(callConnectionProperties.sourceDisplayName, '');
      assert.equal(callConnectionProperties.correlationId, correlationId);
      assert.equal(callConnectionProperties.serverCallId, undefined);
      assert.deepEqual(callConnectionProperties.sourceCallerIdNumber, { phoneNumber: '+18005550100' });
      assert.deepEqual(callConnectionProperties.targetParticipants, [
        { phoneNumber: '+15005552001', rawId: '4:+15005552001' },
      ]);

      const read = await callConnection.getCallConnectionProperties();
      assert.equal(read.callConnectionState, 'connected');
      assert.equal(read.serverCallId, 'aHR0cHM6Ly9yaW5nYmFjaw');
      const { values = [] } = await callConnection.listParticipants();
      assert.equal(values.length, 1);
      const application = values[0]?.identifier;
      assert.ok(application);
      assert.deepEqual((await callConnection.getParticipant(application)).identifier, application);
      await callConnection.hangUp(false);
      await callConnection.hangUp(true);
    });
  }

  test('answers, rejects and redirects with the secondary key', async () => {
    const caller = client('http', secondKey);
    const { callConnectionProperties } = await caller.answerCall('context', callback);
    assert.equal(callConnectionProperties.callConnectionState, 'unknown');
    assert.equal(callConnectionProperties.serverCallId, 'aHR0cHM6Ly9yaW5nYmFjaw');
    await caller.rejectCall('context', { callRejectReason: 'busy' });
    await caller.redirectCall('context', {
      targetParticipant: { communicationUserId: '8:acs:resource_user' },
    });
  });

  test('does not see the call of another resource', async () => {
    await assert.rejects(
      client('http', plainKey).getCallConnection(connectionId).getCallConnectionProperties(),
      {
        statusCode: 404,
        code: '8522',
      },
    );
  });

  test('reads the cause and the field from a refusal', async () => {
    await assert.rejects(
      client('http').createCall(invite, 'http://app.example/callbacks'),
      (error: Error & { code?: string; statusCode?: number }) => {
        assert.equal(error.statusCode, 400);
        assert.equal(error.code, '8523');
        assert.match(
          error.message,
          /The field CallbackUri is invalid\. It must be an https URL; --allow-http-callbacks/,
        );
        return true;
      },
    );
    const wrongKey = Buffer.from('not the key').toString('base64');
    await assert.rejects(
      client('http', wrongKey).createCall(invite, callback),
      (error: Error & { code?: string; statusCode?: number }) => {
        assert.equal(error.statusCode, 401);
        assert.equal(error.code, '7509');
        assert.match(error.message, /key: .*made with an access key that this server does not have/);
        return true;
      },
    );
  });

  test('is told by name what is not served', async () => {
    const teamsAppSource = { teamsAppId: 'b0a7e9d2-5a3b-4d1e-8f6c-2b9d7a4e1c35', cloud: 'public' } as const;
    await assert.rejects(client('http').createCall(invite, callback, { teamsAppSource }), {
      statusCode: 405,
      code: '8520',
      message: /teamsAppSource is part of the API/,
    });
  });

  test('is served a hundred times at once', async () => {
    const caller = client('http');
    const all = await Promise.all(Array.from({ length: 100 }, () => caller.createCall(invite, callback)));
    assert.equal(all.length, 100);
    assert.equal(door.server.underWay(), 0);
  });
});
