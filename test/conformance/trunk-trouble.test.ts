/** Trunks that die in mid-call, come back, and are elsewhere: over real sockets. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { Config } from '../../src/config/config.ts';
import { describeProblems, parseConfig } from '../../src/config/parse-config.ts';
import type { SipEndpointOptions } from '../../src/edge/sip/api.ts';
import { realNetwork } from '../../src/edge/sip/network-real.ts';
import { openAuthority } from '../../src/edge/tls/authority.ts';
import { startServer } from '../../src/main/server.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { mortalNetwork } from '../peers/mortal-network.ts';
import { openPhoneLine, type PhoneLine, silence } from '../peers/phone-line.ts';
import { reached } from '../peers/timeline.ts';
import { watchTrunks } from '../peers/trunk-watch.ts';

const healthInterval = '30s';
/** 64*T1: when a request without an answer is given up. */
const patience = '3200ms';

const settings = (trunk: string, more = ''): string => `
carrier: { simulated: false }
trunks: [{ name: phones, kind: carrier, ${trunk} }]
routes: [{ pattern: '\\+1555\\d{7}', trunk: phones }]
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms, healthInterval: ${healthInterval}${more} }
drainTimeout: 100ms
`;

/** Undone in reverse, whatever came of the test. */
const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function phoneLine(options: Partial<SipEndpointOptions> = {}): Promise<PhoneLine> {
  const line = await openPhoneLine(['PCMU'], options);
  undo.push(() => line[Symbol.asyncDispose]());
  return line;
}

async function application(server: Parameters<typeof openApplication>[0]['server']): Promise<Application> {
  const app = await openApplication({ server });
  undo.push(() => app[Symbol.asyncDispose]());
  return app;
}

async function place(app: Application): Promise<string> {
  const to = invite('+15557654321');
  const { callConnectionProperties } = await app.client.createCall(to, app.callbackUrl);
  return callConnectionProperties.callConnectionId ?? '';
}

async function connected(app: Application): Promise<string> {
  const id = await place(app);
  await app.next('CallConnected', id);
  return id;
}

const stateOf = async (app: Application, id: string): Promise<string | undefined> =>
  (await app.client.getCallConnection(id).getCallConnectionProperties()).callConnectionState;

interface Listed {
  readonly health: string;
  readonly why?: string;
  readonly liveCalls: number;
}

async function trunk(server: Parameters<typeof signedRequest>[0]): Promise<Listed> {
  const { value } = (await signedRequest(server, 'GET', 'trunks', undefined)) as {
    readonly value: readonly Listed[];
  };
  return value[0] ?? assert.fail('there is no trunk');
}

async function metric(httpEndpoint: string, line: RegExp): Promise<void> {
  await until(`${line} in the metrics`, async () => {
    const text = await (await fetch(new URL('/metrics', httpEndpoint))).text();
    return line.test(text)
      ? { is: undefined }
      : { notYet: `there was ${text.match(/^ringback_(sip|trunk).*/gm)}` };
  });
}

describe('a trunk whose process is killed in mid-call', () => {
  test('ends its calls when their audio has been away too long, is down, and is used again when it is back', async () => {
    const mortal = mortalNetwork();
    const line = await phoneLine({ network: mortal.network });
    const server = await startRingback({ config: settings(`host: 127.0.0.1, port: ${line.port}`) });
    undo.push(() => server.stop());
    const app = await application(server.server.ready);
    const watch = watchTrunks(server);
    undo.push(() => watch.child.kill('SIGKILL'));
    assert.equal(await watch.line(), 'phones is up, 0 live calls');
    await metric(server.httpEndpoint, /^ringback_trunk_up\{trunk="phones"\} 1$/m);

    const id = await connected(app);
    assert.equal(await watch.line(), 'phones has 1 live call, had 0');
    await metric(server.httpEndpoint, /^ringback_trunk_calls\{trunk="phones"\} 1$/m);
    const phone = await line.answered();
    let heard = false;
    const first = reached(server.server.ready, id, /^first packet of/).then(() => {
      heard = true;
    });
    await phone.sayUntil(silence.PCMU, () => (heard ? undefined : 'not heard'));
    await first;
    await mortal.die();
    await reached(server.server.ready, id, /^no packets of/);
    await server.clock.advance('120s');
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [410, 301005]);
    assert.match(await watch.line(), /^phones was up and is down \(.+\)$/);
    assert.equal(await watch.line(), 'phones has 0 live calls, had 1');
    await metric(server.httpEndpoint, /^ringback_trunk_up\{trunk="phones"\} 0$/m);

    assert.deepEqual(resultOf(await app.next('CreateCallFailed', await place(app))), [503, 560503]);
    const back = await phoneLine({ port: line.port });
    await server.clock.advance(healthInterval);
    assert.equal(await watch.line(), 'phones was down and is up');
    const again = await connected(app);
    (await back.answered()).hangUp();
    assert.deepEqual(resultOf(await app.next('CallDisconnected', again)), [200, 560000]);
  });

  test('that nobody answers for takes our hang-up all the same, and nothing of the call is left behind', async () => {
    const mortal = mortalNetwork();
    const line = await phoneLine({ network: mortal.network });
    const server = await startRingback({ config: settings(`host: 127.0.0.1, port: ${line.port}`) });
    undo.push(() => server.stop());
    const app = await application(server.server.ready);
    const id = await connected(app);
    await mortal.die();
    await app.client.getCallConnection(id).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
    assert.equal((await trunk(server.server.ready)).liveCalls, 0);
    await server.clock.advance(patience);
    await metric(server.httpEndpoint, /^ringback_sip_transactions\{side="client"\} 0$/m);
    await metric(server.httpEndpoint, /^ringback_calls_alive 0$/m);
    assert.deepEqual(app.stream(id).at(-1), 'CallDisconnected');
  });
});

for (const protocol of ['tcp', 'tls'] as const) {
  describe(`a trunk whose ${protocol.toUpperCase()} connection is cut in mid-call`, () => {
    const open = async () => {
      const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
      undo.push(() => rmSync(directory, { recursive: true, force: true }));
      const file = (name: string, text: string): string => {
        writeFileSync(join(directory, name), text);
        return join(directory, name);
      };
      const authority = await openAuthority();
      const certificate = await authority.issueCertificate(['127.0.0.1']);
      const mortal = mortalNetwork();
      const line = await phoneLine({
        network: mortal.network,
        ...(protocol === 'tls' ? { tls: { port: 0, ...certificate, ca: [authority.ca] } } : {}),
      });
      const tls = `, tls: { port: 0, cert: ${file('a.pem', certificate.cert)}, key: ${file('a.key', certificate.key)}, caFile: ${file('ca.pem', authority.ca)} }`;
      const port = protocol === 'tls' ? line.tlsPort : line.port;
      const at = `host: 127.0.0.1, port: ${port}, protocol: ${protocol}, media: none`;
      const server = await startRingback({ config: settings(at, protocol === 'tls' ? tls : '') });
      undo.push(() => server.stop());
      const app = await application(server.server.ready);
      const id = await connected(app);
      const phone = await line.answered();
      mortal.cut();
      await metric(server.httpEndpoint, /^ringback_sip_connections 0$/m);
      assert.equal(await stateOf(app, id), 'connected');
      return { app, id, phone };
    };

    test('keeps the call, which the far end hangs up over a new one', async () => {
      const { app, id, phone } = await open();
      phone.hangUp();
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 560000]);
    });

    test('keeps the call, which the application hangs up over a new one', async () => {
      const { app, id, phone } = await open();
      await app.client.getCallConnection(id).hangUp(true);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      const { kind, by } = await phone.ended;
      assert.deepEqual([kind, by], ['bye', 'remote']);
    });
  });
}

describe('a trunk that moves', () => {
  const before = '127.0.0.1';
  const after = '127.0.0.2';

  test('because its name stands for another address: live calls go on, and new ones go and come there', async () => {
    const old = await phoneLine();
    const next = await phoneLine({ hosts: [after], port: old.port });
    let address = before;
    const network = { ...realNetwork(), resolve: async () => [address] };
    const server = await startRingback({
      internals: { network },
      config: settings(`host: sip.example, port: ${old.port}, media: none`),
    });
    undo.push(() => server.stop());
    const app = await application(server.server.ready);
    await app.listen();
    const live = await connected(app);
    const phone = await old.answered();
    await assert.rejects(next.call('+18005550101', server.sip.udp), /403/);

    address = after;
    await server.clock.advance(healthInterval);
    await until('a call from the new address', async () => {
      const refused = (error: Error): string => error.message;
      const call = next.call('+18005550101', server.sip.udp).then(() => undefined, refused);
      const taken = await Promise.race([app.incoming(), call]);
      return typeof taken === 'object' ? { is: taken } : { notYet: `the last one was refused: ${taken}` };
    });
    const moved = await connected(app);
    const there = await next.answered();
    assert.equal(await stateOf(app, live), 'connected');
    phone.hangUp();
    assert.deepEqual(resultOf(await app.next('CallDisconnected', live)), [200, 560000]);
    there.hangUp();
    assert.deepEqual(resultOf(await app.next('CallDisconnected', moved)), [200, 560000]);
    await assert.rejects(old.call('+18005550101', server.sip.udp), /403/, 'it is nobody there any more');
  });

  test('because the configuration says so: live calls go on with their row, and new ones go there', async () => {
    const old = await phoneLine();
    const next = await phoneLine({ hosts: [after], port: old.port });
    const flags = { memory: true, 'https-port': '0', 'http-port': '0', 'sip-port': '0', clock: 'manual' };
    let host = before;
    const read = (): Config | string => {
      const yamlText = settings(`host: ${host}, port: ${old.port}`);
      const parsed = parseConfig({ yamlText, flags: { ...flags, 'allow-http-callbacks': true } });
      return 'problems' in parsed ? describeProblems(parsed.problems) : parsed.config;
    };
    const config = read();
    assert.ok(typeof config !== 'string', String(config));
    const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
    undo.push(() => rmSync(directory, { recursive: true, force: true }));
    const server = await startServer({ config, directory, readAgain: read });
    undo.push(() => server.stop());
    const app = await application(server.ready);
    const live = await connected(app);
    const phone = await old.answered();

    host = after;
    assert.deepEqual(await signedRequest(server.ready, 'POST', 'reload', {}), { changed: ['trunks'] });
    await until('the trunk to be up where it is now', async () => {
      const { health, why } = await trunk(server.ready);
      return health === 'up' ? { is: undefined } : { notYet: `it is ${health} (${why})` };
    });
    const moved = await connected(app);
    const there = await next.answered();
    phone.hangUp();
    assert.deepEqual(resultOf(await app.next('CallDisconnected', live)), [200, 560000]);
    await app.client.getCallConnection(moved).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', moved)), [200, 7000]);
    assert.equal((await there.ended).kind, 'bye');
  });
});
