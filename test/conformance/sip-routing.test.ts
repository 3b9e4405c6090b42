/** The unmodified SIP routing client against the whole server, and the calls that go where it says. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { SipRoutingClient, type SipTrunkRoute } from '@azure/communication-phone-numbers';
import type { HttpRequest } from '../../scenarios/scenario.ts';
import { send } from '../../scenarios/stage/client.ts';
import { until } from '../../scenarios/stage/wait.ts';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { freePort } from '../peers/free-port.ts';
import { openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';

const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
const theirNumber = '+18005550102';
const settings = `
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
numbers:
  - { number: "+18005550100" }
  - { number: "+18005550101" }
  - { number: "${theirNumber}", resource: other }
destinations: { allow: ["+49"] }
sip: { t1: 50ms, t4: 500ms }
drainTimeout: 100ms
`;
const germany: SipTrunkRoute = { name: 'Germany', numberPattern: '^\\+49\\d+$', trunks: ['sbc.localhost'] };
const clientOf = (server: Ringback, key = developmentKey): SipRoutingClient =>
  new SipRoutingClient(`endpoint=${server.endpoint};accesskey=${key}`, {
    retryOptions: { maxRetries: 0 },
    tlsOptions: { ca: server.ca },
  });
const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
};
const rawOn =
  (server: () => Ringback) =>
  (request: Partial<HttpRequest> & { readonly path: string }, key = developmentKey) =>
    send({ http: server().httpEndpoint, https: server().endpoint, ca: server().ca }, key, {
      method: 'GET',
      apiVersion: '2024-11-15-preview',
      ...request,
    });

interface SipError {
  readonly code: string;
  readonly innererror?: { readonly code: string; readonly target?: string; readonly message: string };
}

describe('the official client', () => {
  let server: Ringback;
  let client: SipRoutingClient;
  const raw = rawOn(() => server);
  before(async () => {
    server = await startRingback({ config: settings });
    client = clientOf(server);
  });
  after(() => server.stop());
  beforeEach(async () => {
    await client.setRoutes([]);
    await client.setTrunks([]);
  });

  test('sets, lists, gets and deletes trunks', async () => {
    const one = { fqdn: 'sbc1.example.com', sipSignalingPort: 5061 };
    const two = { fqdn: 'sbc2.example.com', sipSignalingPort: 5062 };
    assert.deepEqual(await client.setTrunks([one, two]), [one, two]);
    assert.deepEqual(await all(client.listTrunks()), [one, two]);
    assert.deepEqual(await client.setTrunk({ ...two, sipSignalingPort: 5070 }), {
      ...two,
      sipSignalingPort: 5070,
    });
    assert.deepEqual(await client.getTrunk('sbc1.example.com'), one);
    await client.deleteTrunk('sbc1.example.com');
    await client.deleteTrunk('never.example.com');
    await assert.rejects(client.getTrunk('sbc1.example.com'), { code: 'NotFound' });
    assert.deepEqual(await client.setTrunks([one]), [one]);
  });

  test('sets and lists routes, in their order', async () => {
    await client.setTrunks([{ fqdn: 'sbc.localhost', sipSignalingPort: 5061 }]);
    const fallback: SipTrunkRoute = {
      name: 'Rest',
      description: 'whatever is left',
      numberPattern: '^+[1-9][0-9]{3,23}$',
      trunks: [],
    };
    assert.deepEqual(await client.setRoutes([germany, fallback]), [germany, fallback]);
    assert.deepEqual(await client.setRoutes([fallback, germany]), [fallback, germany]);
    assert.deepEqual(await all(client.listRoutes()), [fallback, germany]);
  });

  test('shows a resource its own configuration alone', async () => {
    await client.setTrunk({ fqdn: 'sbc.example.com', sipSignalingPort: 5061 });
    assert.deepEqual(await all(clientOf(server, otherKey).listTrunks()), []);
  });

  test('is refused what cannot be, with the code of what is wrong, and nothing is taken over', async () => {
    const trunk = { fqdn: 'sbc.localhost', sipSignalingPort: 5061 };
    await client.setTrunks([trunk]);
    await client.setRoutes([germany]);
    const refused = (inner: string) => (error: unknown) => {
      const { statusCode, code, details } = error as {
        readonly statusCode: number;
        readonly code: string;
        readonly details: { readonly error: { readonly innerError: { readonly code: string } } };
      };
      assert.deepEqual(
        [statusCode, code, details.error.innerError.code],
        [422, 'UnprocessableConfiguration', inner],
      );
      return true;
    };
    const route = (change: Partial<SipTrunkRoute>) => client.setRoutes([{ ...germany, ...change }]);
    for (const fqdn of ['-1', 'localhost', '192.0.2.1', 'sbc_1.example.com', `${'a.'.repeat(124)}ab`])
      await assert.rejects(client.setTrunk({ ...trunk, fqdn }), refused('InvalidTrunkFqdn'), fqdn);
    for (const sipSignalingPort of [0, 65_536, 5061.5])
      await assert.rejects(
        client.setTrunk({ ...trunk, sipSignalingPort }),
        refused('InvalidTrunkSipSignalingPort'),
      );
    await assert.rejects(route({ name: '' }), refused('InvalidRouteName'));
    await assert.rejects(route({ numberPattern: '' }), refused('InvalidRouteNumberPattern'));
    await assert.rejects(route({ numberPattern: '(?<=a)1' }), refused('InvalidRouteNumberPattern'));
    await assert.rejects(route({ trunks: ['gone.example.com'] }), refused('MissingTrunk'));
    await assert.rejects(client.setRoutes([germany, germany]), refused('DuplicatedRoute'));
    await assert.rejects(client.deleteTrunk('sbc.localhost'), refused('MissingTrunk'));
    await assert.rejects(client.setTrunks([]), refused('MissingTrunk'));
    assert.deepEqual(await all(client.listTrunks()), [trunk]);
    assert.deepEqual(await all(client.listRoutes()), [germany]);
  });

  test('a change that changes nothing, and fields of the wrong kind, are refused by name', async () => {
    const patch = async (body: unknown, apiVersion = '2023-03-01') => {
      const {
        status,
        body: answer,
        headers,
      } = await raw({ method: 'PATCH', path: '/sip', body, apiVersion });
      const { code, innererror } = (answer as { error: SipError & { message: string } }).error;
      return {
        status,
        code,
        inner: innererror?.code,
        message: (answer as { error: { message: string } }).error.message,
        headers,
      };
    };
    const empty = await patch({ trunks: {} });
    assert.deepEqual([empty.status, empty.inner], [422, 'EmptyPatch']);
    assert.equal(empty.headers['x-ms-error-code'], 'UnprocessableConfiguration');
    assert.equal(empty.headers['x-ringback-row'], 'automation/422');
    for (const [body, message] of [
      [{ trunks: [] }, /Trunks/],
      [{ trunks: { 'sbc.example.com': { sipSignalingPort: 'five' } } }, /SipSignalingPort/],
      [{ routes: [{ numberPattern: '1' }] }, /Routes\[0\].Name/],
      [{ routes: [{ ...germany, name: 'x'.repeat(257) }] }, /256/],
    ] as const) {
      const { status, code, message: said } = await patch(body);
      assert.deepEqual([status, code], [400, 'BadRequest']);
      assert.match(said, message);
    }
    for (const body of [
      { trunks: { 'sbc.example.com': { sipSignalingPort: 5061, directTransfer: true } } },
      { routes: [{ ...germany, trunks: [], callerIdOverride: '+18005550100' }] },
    ])
      assert.equal((await patch(body, '2024-11-15-preview')).status, 405);
  });
});

describe('the preview versions', () => {
  let server: Ringback;
  const raw = rawOn(() => server);
  before(async () => {
    server = await startRingback({ config: settings });
  });
  after(() => server.stop());
  const patch = (body: unknown) => raw({ method: 'PATCH', path: '/sip', body });

  test('have domains, which are taken as verified and hold trunks until those are gone', async () => {
    const made = await patch({
      domains: { 'example.com': { enabled: true } },
      trunks: { 'sbc.example.com': { sipSignalingPort: 5061, enabled: true } },
    });
    assert.equal(made.status, 200);
    assert.deepEqual(made.body, {
      domains: { 'example.com': { enabled: true } },
      trunks: {
        'sbc.example.com': {
          sipSignalingPort: 5061,
          enabled: true,
          directTransfer: false,
          privacyHeader: 'none',
          ipAddressVersion: 'ipv4',
        },
      },
      routes: [],
    });
    const inUse = await patch({ domains: { 'example.com': null } });
    assert.equal((inUse.body as { error: SipError }).error.innererror?.code, 'DomainInUse');
    const bad = await patch({ domains: { '-1': { enabled: true } } });
    assert.equal((bad.body as { error: SipError }).error.innererror?.code, 'InvalidDomain');
    assert.equal(
      (await patch({ domains: { 'example.com': null }, trunks: { 'sbc.example.com': null } })).status,
      200,
    );
  });

  test('tell which routes a number takes, of the configuration sent or of the one in force', async () => {
    const configuration = {
      trunks: { 'sbc.example.com': { sipSignalingPort: 5061 } },
      routes: [
        { name: 'Seattle', numberPattern: '^\\+1(425|206)\\d{7}$', trunks: ['sbc.example.com'] },
        { name: 'Russia', numberPattern: '^\\+7\\d+$', trunks: [] },
        { name: 'Global', numberPattern: '^\\+\\d+$', trunks: [] },
      ],
    };
    const path = '/sip:testRoutesWithNumber?targetPhoneNumber=%2B14251234567';
    const names = async (request: Partial<HttpRequest> & { path: string }) => {
      const { body } = await raw({ method: 'POST', ...request });
      return (body as { matchingRoutes: { name: string }[] }).matchingRoutes.map(({ name }) => name);
    };
    assert.deepEqual(await names({ path, body: configuration }), ['Seattle', 'Global']);
    assert.deepEqual(await names({ path }), []);
    await patch(configuration);
    assert.deepEqual(await names({ path }), ['Seattle', 'Global']);
    const wrong = await raw({ method: 'POST', path, body: { routes: [{ name: 'x', numberPattern: '[' }] } });
    assert.equal((wrong.body as { error: SipError }).error.innererror?.code, 'InvalidRouteNumberPattern');
    assert.equal(
      (await raw({ method: 'POST', path: '/sip:testRoutesWithNumber?targetPhoneNumber=me' })).status,
      400,
    );
    assert.equal((await raw({ method: 'POST', path, apiVersion: '2023-03-01' })).status, 400);
  });

  test('know no other expansion than the health of trunks', async () => {
    assert.equal((await raw({ path: '/sip?expand=everything' })).status, 400);
    assert.equal((await raw({ path: '/sip?expand=trunks/health', apiVersion: '2023-03-01' })).status, 400);
  });
});

describe('a trunk that was set through the client', { timeout: 60_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'ringback-sip-routing-'));
  let server: Ringback;
  let app: Application;
  let other: Application;
  let phones: PhoneLine;
  const raw = rawOn(() => server);
  const open = async (): Promise<void> => {
    server = await startRingback({ config: settings, data });
    app = await openApplication({ server: server.server.ready });
    other = await openApplication({ server: server.server.ready, accessKey: otherKey });
  };
  const close = async (): Promise<void> => {
    await app[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  };
  before(async () => {
    phones = await openPhoneLine();
    await open();
  });
  after(async () => {
    await close();
    await server.stop();
    await phones[Symbol.asyncDispose]();
    rmSync(data, { recursive: true, force: true });
  });

  const callFrom = async (from: Application, to: string): Promise<string> => {
    const { callConnectionProperties } = await from.client.createCall(invite(to), from.callbackUrl);
    return callConnectionProperties.callConnectionId ?? '';
  };
  const arrives = async (to: string): Promise<void> => {
    const id = await callFrom(app, to);
    const phone = await phones.answered();
    assert.equal(phone.number, to);
    await app.next('CallConnected', id);
    await app.client.getCallConnection(id).hangUp(true);
    await phone.ended;
  };
  const health = (fqdn: string, status: string) =>
    until(`${fqdn} to be ${status}`, async () => {
      const { body } = await raw({ path: '/sip?expand=trunks/health' });
      const { trunks } = body as { trunks: Record<string, { health: { overall: { status: string } } }> };
      const found = trunks[fqdn]?.health.overall.status;
      return found === status ? { is: undefined } : { notYet: `it is ${found}` };
    });

  test('carries the calls that its route leads there, of its resource and of no other', async () => {
    const client = clientOf(server);
    const before = await app.next('CreateCallFailed', await callFrom(app, '+4930123456'));
    assert.deepEqual(resultOf(before), [403, 511532]);
    await client.setTrunk({ fqdn: 'sbc.localhost', sipSignalingPort: phones.port });
    await client.setRoutes([germany]);
    await arrives('+4930123456');
    const elsewhere = await other.next('CreateCallFailed', await callFrom(other, '+4930123456'));
    assert.deepEqual(resultOf(elsewhere), [403, 511532]);
    const { value } = (await signedRequest(server.server.ready, 'GET', 'trunks', undefined)) as {
      readonly value: readonly { readonly name: string; readonly kind: string; readonly routes: string[] }[];
    };
    const listed = value.find(({ name }) => name === 'dev/sbc.localhost');
    assert.deepEqual([listed?.kind, listed?.routes], ['direct-routing', ['^\\+49\\d+$']]);
  });

  test('says what OPTIONS says of it', async () => {
    await health('sbc.localhost', 'active');
    await clientOf(server).setTrunk({ fqdn: 'gone.localhost', sipSignalingPort: await freePort() });
    await health('gone.localhost', 'inactive');
  });

  test('takes calls to numbers of its resource, and to no others', async () => {
    await app.listen();
    const calling = phones.call('+18005550101', server.sip.udp);
    const { incomingCallContext, to } = await app.incoming();
    assert.equal(to.rawId, '4:+18005550101');
    await app.client.answerCall(incomingCallContext, app.callbackUrl);
    const phone = await calling;
    const connected = await app.next('CallConnected');
    await app.client.getCallConnection(connected.callConnectionId).hangUp(true);
    await phone.ended;
    await assert.rejects(phones.call(theirNumber, server.sip.udp), /404/);
  });

  test('carries no calls while it is switched off', async () => {
    const enabled = (on: boolean) =>
      raw({ method: 'PATCH', path: '/sip', body: { trunks: { 'sbc.localhost': { enabled: on } } } });
    await enabled(false);
    const failed = await app.next('CreateCallFailed', await callFrom(app, '+4930123456'));
    assert.deepEqual(resultOf(failed), [403, 511532]);
    await enabled(true);
    await arrives('+4930123456');
  });

  test('is there again after the server has died, and gone after a reset', async () => {
    await close();
    await server.server.crash();
    await open();
    const client = clientOf(server);
    assert.deepEqual(await all(client.listRoutes()), [germany]);
    await arrives('+4930654321');
    await server.reset();
    assert.deepEqual([await all(client.listTrunks()), await all(client.listRoutes())], [[], []]);
    const failed = await app.next('CreateCallFailed', await callFrom(app, '+4930123456'));
    assert.deepEqual(resultOf(failed), [403, 511532]);
  });
});
