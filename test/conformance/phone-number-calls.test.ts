/** Numbers that were bought: they take and place calls at once, until they are released, whatever happens to the server. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PhoneNumbersClient } from '@azure/communication-phone-numbers';
import { EntraIssuer, entraApp, entraTenant } from '../../scenarios/stage/entra-issuer.ts';
import { until } from '../../scenarios/stage/wait.ts';
import type { NumberStatus } from '../../src/app/ports/administration.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';

const answering = '+15005552000';

interface ListedCall {
  readonly from: string;
  readonly row?: string;
}

describe('a number that was bought through the client', { timeout: 60_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'ringback-bought-'));
  let server: Ringback;
  let app: Application;
  let client: PhoneNumbersClient;
  let number: string;

  const open = async (): Promise<void> => {
    server = await startRingback({ data });
    app = await openApplication({ server: server.server.ready });
    client = new PhoneNumbersClient(server.connectionString, {
      retryOptions: { maxRetries: 0 },
      tlsOptions: { ca: server.ca },
    });
  };
  const buy = async (): Promise<string> => {
    const poller = await client.beginSearchAvailablePhoneNumbers({
      countryCode: 'US',
      phoneNumberType: 'geographic',
      assignmentType: 'application',
      capabilities: { calling: 'inbound+outbound', sms: 'none' },
      areaCode: '425',
    });
    const { searchId, phoneNumbers } = await poller.pollUntilDone();
    await (await client.beginPurchasePhoneNumbers(searchId)).pollUntilDone();
    return phoneNumbers[0] ?? '';
  };
  const admin = (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> =>
    signedRequest(server.server.ready, method, path, body);
  let dialled = 0;
  /** Each from a number of its own, which it resolves with. */
  const dial = async (to: string): Promise<string> => {
    const from = `+1500555201${dialled++}`;
    await admin('POST', 'dial', { from, to, forSeconds: 5 });
    return from;
  };
  const listed = async (): Promise<readonly NumberStatus[]> =>
    ((await admin('GET', 'numbers')) as { readonly value: readonly NumberStatus[] }).value;
  /** How the call from this number ended. */
  const ended = (from: string): Promise<string> =>
    until(`the call from ${from} to end`, async () => {
      const { value } = (await admin('GET', 'calls?limit=100')) as { readonly value: readonly ListedCall[] };
      const call = value.find((each) => each.from === `4:${from}`);
      return call?.row === undefined ? { notYet: `it is ${JSON.stringify(call)}` } : { is: call.row };
    });

  before(async () => {
    await open();
    await app.listen();
    number = await buy();
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  });

  test('receives a call', async () => {
    const caller = await dial(number);
    const { to, from, incomingCallContext } = await app.incoming();
    assert.deepEqual([to.rawId, from.rawId], [`4:${number}`, `4:${caller}`]);
    await app.client.answerCall(incomingCallContext, app.callbackUrl);
    const { callConnectionId } = await app.next('CallConnected');
    await app.client.getCallConnection(callConnectionId).hangUp(true);
    await app.next('CallDisconnected', callConnectionId);
  });

  test('shows itself in a call', async () => {
    const { callConnectionProperties } = await app.client.createCall(
      invite(answering, number),
      app.callbackUrl,
    );
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    await app.client.getCallConnection(id).hangUp(true);
    await app.next('CallDisconnected', id);
  });

  test('stands among the numbers of the server, as bought', async () => {
    const bought = (await listed()).filter(({ origin }) => origin === 'bought');
    assert.deepEqual(bought, [
      { number, resource: 'dev', kind: 'geographic', origin: 'bought', blocked: false, liveCalls: 0 },
    ]);
    assert.ok((await listed()).some(({ origin, kind }) => origin === 'configuration' && kind === 'tollFree'));
  });

  test('takes no calls without the capability, and takes them again with it', async () => {
    await (await client.beginUpdatePhoneNumberCapabilities(number, { calling: 'outbound' })).pollUntilDone();
    assert.equal(await ended(await dial(number)), 'call/404/511404');
    await (await client.beginUpdatePhoneNumberCapabilities(number, { calling: 'inbound' })).pollUntilDone();
    const failed = await app.client.createCall(invite(answering, number), app.callbackUrl);
    const event = await app.next('CreateCallFailed', failed.callConnectionProperties.callConnectionId ?? '');
    assert.deepEqual(resultOf(event), [403, 510403]);
    await dial(number);
    assert.equal((await app.incoming()).to.rawId, `4:${number}`);
  });

  test('is there again after the server has died', async () => {
    await app[Symbol.asyncDispose]();
    await server.server.crash();
    await open();
    await app.listen();
    assert.deepEqual((await client.getPurchasedPhoneNumber(number)).capabilities.calling, 'inbound');
    await dial(number);
    assert.equal((await app.incoming()).to.rawId, `4:${number}`);
  });

  test('receives no calls once it is released, and none after a reset', async () => {
    await (await client.beginReleasePhoneNumber(number)).pollUntilDone();
    assert.equal(await ended(await dial(number)), 'call/404/511404');
    const again = await buy();
    assert.equal(again, number, 'released, so it is for sale');
    await server.reset();
    assert.equal(await ended(await dial(number)), 'call/404/511404');
    await assert.rejects(client.getPurchasedPhoneNumber(number), { statusCode: 404 });
    assert.ok((await listed()).every(({ origin }) => origin === 'configuration'));
  });
});

test('a service that signs in with Entra buys like one with a key; a reader looks and buys nothing', async (t) => {
  const issuer = await EntraIssuer.open();
  t.after(() => issuer.close());
  const reader = '11111111-7c11-4b8e-9a55-3f2f1f6f7a10';
  const server = await startRingback({
    config: `
entra:
  - issuer: ${issuer.url}/{tenantid}/v2.0
    tenant: ${entraTenant}
    access: [{ id: ${entraApp} }, { id: ${reader}, role: reader }]
`,
  });
  t.after(() => server.stop());
  const clientAs = (claims: Readonly<Record<string, unknown>>): PhoneNumbersClient =>
    new PhoneNumbersClient(
      server.endpoint,
      {
        getToken: async () => ({
          token: await issuer.token(claims),
          expiresOnTimestamp: Date.now() + 60_000,
        }),
      },
      { retryOptions: { maxRetries: 0 }, tlsOptions: { ca: server.ca } },
    );
  const wish = {
    countryCode: 'SE',
    phoneNumberType: 'mobile',
    assignmentType: 'application',
    capabilities: { calling: 'none', sms: 'inbound+outbound' },
  } as const;
  const client = clientAs({});
  const found = await (await client.beginSearchAvailablePhoneNumbers(wish)).pollUntilDone();
  await (await client.beginPurchasePhoneNumbers(found.searchId)).pollUntilDone();
  const looking = clientAs({ azp: reader });
  assert.equal(
    (await looking.getPurchasedPhoneNumber(found.phoneNumbers[0] ?? '')).phoneNumberType,
    'mobile',
  );
  await assert.rejects(looking.beginSearchAvailablePhoneNumbers(wish), { statusCode: 403 });
});
