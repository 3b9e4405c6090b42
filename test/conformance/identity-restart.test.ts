/** What a server knows of identities after it was stopped, killed, or given other access keys. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { send } from '../../scenarios/stage/client.ts';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';

describe('a server that starts again', () => {
  const secondKey = Buffer.from('the key that stays when the first of the two is taken away').toString(
    'base64',
  );
  const directory = mkdtempSync(join(tmpdir(), 'ringback-identity-'));
  let running: Ringback | undefined;
  after(async () => {
    await running?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const start = async (keys: readonly string[]): Promise<Ringback> => {
    running = await startRingback({
      data: directory,
      config: `resources: [{ name: dev, id: ${developmentResource.id}, keys: ${JSON.stringify(keys)}, admin: true }]`,
    });
    return running;
  };
  const standing = async (at: Ringback, token: string): Promise<unknown> => {
    const address = { http: at.httpEndpoint, https: at.endpoint, ca: at.ca };
    const credentials = { authorization: `Bearer ${token}` };
    const request = { method: 'GET', path: '/calling/callConnections/x', https: true, credentials };
    return (await send(address, secondKey, request)).headers['x-ringback-row'];
  };
  const clientAt = (at: Ringback, key: string): CommunicationIdentityClient =>
    new CommunicationIdentityClient(`endpoint=${at.endpoint};accesskey=${key}`, {
      tlsOptions: { ca: at.ca },
    });
  const [good, bad] = ['automation/401/7508', 'automation/401/7501'];

  test('knows who exists and what is revoked; a key that is taken away takes its tokens along', async () => {
    const first = await start([developmentKey, secondKey]);
    const [byOne, byTwo] = [clientAt(first, developmentKey), clientAt(first, secondKey)];
    const { user, token } = await byOne.createUserAndToken(['chat']);
    const { token: kept } = await byTwo.getToken(user, ['chat']);
    const { user: gone, token: revoked } = await byTwo.createUserAndToken(['chat']);
    await byTwo.revokeTokens(gone);
    await first.server.crash();

    const second = await start([developmentKey, secondKey]);
    assert.deepEqual(await Promise.all([token, kept, revoked].map((each) => standing(second, each))), [
      good,
      good,
      bad,
    ]);
    await second.stop();

    const third = await start([secondKey]);
    assert.deepEqual(await Promise.all([token, kept].map((each) => standing(third, each))), [bad, good]);
    await clientAt(third, secondKey).deleteUser(user);
    await third.stop();

    const last = await start([secondKey]);
    assert.equal(await standing(last, kept), bad);
    await assert.rejects(clientAt(last, secondKey).getToken(user, ['chat']), {
      statusCode: 401,
      code: 'IdentityNotOwned',
    });
  });
});
