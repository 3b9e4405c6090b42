/** Trunks that are set up wrongly: each says why, and the others work on. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { Config } from '../../src/config/config.ts';
import { describeProblems, parseConfig } from '../../src/config/parse-config.ts';
import type { SipEndpoint, SipEndpointOptions } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { realNetwork } from '../../src/edge/sip/network-real.ts';
import { openAuthority } from '../../src/edge/tls/authority.ts';
import { startServer } from '../../src/main/server.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { expiredLeaf } from '../peers/expired.ts';
import { freePort } from '../peers/free-port.ts';
import { openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';
import { startServerProcess } from '../peers/server-process.ts';

interface Listed {
  readonly name: string;
  readonly health: string;
  readonly why?: string;
}

const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

/** A name service that knows no name at all. */
const nameless = {
  ...realNetwork(),
  resolve: (host: string): Promise<readonly string[]> =>
    Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
};

describe('trunks that are set up wrongly, beside one that is right', () => {
  const peers: SipEndpoint[] = [];
  /** Resolves with its UDP port. */
  const peer = async (options: Partial<SipEndpointOptions>): Promise<{ udp: number; tls: number }> => {
    const endpoint = createSipEndpoint({ hosts: ['127.0.0.1'], port: 0, clock: wallClock, ...options });
    peers.push(endpoint);
    const [at] = await endpoint.start();
    return { udp: at?.port ?? 0, tls: endpoint.tlsPort ?? 0 };
  };
  let phones: PhoneLine;
  let deaf: Socket;
  let server: Ringback;
  let app: Application;

  before(async () => {
    const [authority, stranger] = await Promise.all([openAuthority(), openAuthority()]);
    const old = await expiredLeaf(['127.0.0.1']);
    const own = await authority.issueCertificate(['127.0.0.1']);
    phones = await openPhoneLine();
    deaf = createSocket('udp4').bind(0, '127.0.0.1');
    await once(deaf, 'listening');
    const users = [{ user: 'acme', password: 'right' }];
    const [strict, expired, untrusted, visitor, closed] = await Promise.all([
      peer({ authenticate: () => ({ realm: 'carrier', users }) }),
      peer({ tls: { port: 0, ...old.leaf } }),
      peer({ tls: { port: 0, ...(await stranger.issueCertificate(['127.0.0.1'])) } }),
      peer({ tls: { ...old.leaf, port: 0, ca: [authority.ca] } }),
      freePort(),
    ]);
    server = await startRingback({
      internals: { network: nameless },
      config: `
carrier: { simulated: false }
sip:
  t1: 50ms
  t4: 500ms
  tls:
    port: 0
    cert: ${file('own.pem', own.cert)}
    key: ${file('own.key', own.key)}
    caFile: ${file('ca.pem', `${authority.ca}${old.ca}`)}
    clientCertificates: required
trunks:
  - { name: right, kind: carrier, host: 127.0.0.1, port: ${phones.port} }
  - { name: refusing, kind: carrier, host: 127.0.0.1, port: ${closed}, protocol: tcp }
  - { name: silent, kind: carrier, host: 127.0.0.1, port: ${deaf.address().port} }
  - { name: unknown, kind: carrier, host: nowhere.example }
  - { name: expired, kind: carrier, host: 127.0.0.1, port: ${expired.tls}, protocol: tls, allow: none }
  - { name: untrusted, kind: carrier, host: 127.0.0.1, port: ${untrusted.tls}, protocol: tls, allow: none }
  - { name: visitor, kind: carrier, host: 127.0.0.1, port: ${visitor.tls}, protocol: tls }
  - name: locked
    kind: carrier
    host: 127.0.0.1
    port: ${strict.udp}
    credentials: { user: acme, password: wrong }
    register: { aor: 'sip:acme@carrier.example' }
routes:
  - { pattern: '\\+15550\\d{6}', trunk: right }
  - { pattern: '\\+15551\\d{6}', trunk: refusing }
  - { pattern: '\\+15552\\d{6}', trunk: silent }
  - { pattern: '\\+15553\\d{6}', trunk: unknown }
  - { pattern: '\\+15554\\d{6}', trunk: expired }
  - { pattern: '\\+15555\\d{6}', trunk: untrusted }
  - { pattern: '\\+15556\\d{6}', trunk: locked }
destinations: { allow: ['+1555'] }
drainTimeout: 100ms
`,
    });
    app = await openApplication({ server: server.server.ready });
  });
  after(async () => {
    await server.stop();
    await app[Symbol.asyncDispose]();
    await phones[Symbol.asyncDispose]();
    deaf.close();
    await Promise.all(peers.map((each) => each.stop()));
  });

  const says = (name: string, health: string, why: RegExp): Promise<void> =>
    until(`trunk ${name} to be ${health}`, async () => {
      const { value } = (await signedRequest(server.server.ready, 'GET', 'trunks', undefined)) as {
        readonly value: readonly Listed[];
      };
      const trunk = value.find((each) => each.name === name);
      const so = trunk?.health === health && why.test(trunk.why ?? '');
      return so ? { is: undefined } : { notYet: `it says ${JSON.stringify(trunk)}` };
    });
  const call = async (prefix: string): Promise<string> => {
    const { callConnectionProperties } = await app.client.createCall(
      invite(`${prefix}123456`),
      app.callbackUrl,
    );
    return callConnectionProperties.callConnectionId ?? '';
  };
  const failure = async (prefix: string): Promise<readonly (number | undefined)[]> =>
    resultOf(await app.next('CreateCallFailed', await call(prefix)));

  test('one that refuses connections says so', async () => {
    await says('refusing', 'down', /connection refused/);
    assert.deepEqual(await failure('+15551'), [503, 560503]);
  });

  test('one that is silent says that there was no reply', async () => {
    const id = await call('+15552');
    await server.clock.advance('3200ms');
    await says('silent', 'down', /^no reply to OPTIONS$/);
    assert.deepEqual(resultOf(await app.next('CreateCallFailed', id)), [408, 500001]);
  });

  test('one whose name is unknown says which name', async () => {
    await says('unknown', 'down', /^unknown host nowhere\.example$/);
    assert.deepEqual(await failure('+15553'), [503, 560503]);
  });

  test('one whose certificate has expired says so', async () => {
    await says('expired', 'down', /its certificate has expired/);
    assert.deepEqual(await failure('+15554'), [503, 560503]);
  });

  test('one whose authority is not trusted says so', async () => {
    await says('untrusted', 'down', /its certificate is of an authority that is not trusted/);
    assert.deepEqual(await failure('+15555'), [503, 560503]);
  });

  test('one that calls us with an expired certificate is told apart, and says why it gets no further', async () => {
    const caller = peers[3];
    const target = { host: '127.0.0.1', port: server.server.ready.sip.tls ?? 0, protocol: 'tls' } as const;
    const result = await new Promise<{ readonly kind: string }>((resolve) =>
      caller?.options(target, resolve),
    );
    assert.equal(result.kind, 'transport');
    await says('visitor', 'down', /last TLS connection to us was refused: its certificate has expired/);
  });

  test('one that does not take our password says so, for OPTIONS and for the registration', async () => {
    const wrong =
      /401 Unauthorized: user or password is wrong; not registered: 401 Unauthorized, so user or pass/;
    await says('locked', 'up', wrong);
    assert.deepEqual(await failure('+15556'), [401, 560401]);
  });

  test('the one that is right takes calls all the while', async () => {
    await says('right', 'up', /^200 OK$/);
    const id = await call('+15550');
    await app.next('CallConnected', id);
    await app.client.getCallConnection(id).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
  });
});

const twice = `trunks:
  - { name: acme, kind: carrier, host: 192.0.2.1 }
  - { name: backup, kind: carrier, host: sbc.example, allow: [192.0.2.0/24] }
`;
const claimed = /line 3: trunks\[1\]\.allow: .*trunk backup, which trunk acme \(\S+ line 2\) claims too/;

describe('two trunks that claim one source', () => {
  test('stop the start, which names both and their lines', async () => {
    await assert.rejects(startRingback({ config: twice }), claimed);
  });

  test('are refused when the configuration is read again, and the trunks stay as they are', async () => {
    const flags = { memory: true, 'https-port': '0', 'http-port': '0', 'sip-port': '0' };
    const read = (yamlText: string): Config | string => {
      const parsed = parseConfig({ yamlText, flags });
      return 'problems' in parsed ? describeProblems(parsed.problems) : parsed.config;
    };
    const config = read(twice.split('\n').slice(0, 2).join('\n'));
    assert.ok(typeof config !== 'string');
    const data = mkdtempSync(join(directory, 'reload-'));
    const server = await startServer({ config, directory: data, readAgain: () => read(twice) });
    try {
      await assert.rejects(signedRequest(server.ready, 'POST', 'reload', {}), claimed);
      const { value } = (await signedRequest(server.ready, 'GET', 'trunks', undefined)) as {
        readonly value: readonly Listed[];
      };
      assert.deepEqual(
        value.map(({ name }) => name),
        ['acme', 'simulated'],
      );
    } finally {
      await server.stop();
    }
  });
});

test('a certificate of our own that has expired stops the start, which names it', {
  timeout: 30_000,
}, async () => {
  const data = mkdtempSync(join(directory, 'expired-'));
  const { leaf } = await expiredLeaf(['sip.example']);
  const settings = {
    RINGBACK_SIP_TLS_CERT: file('expired.pem', leaf.cert),
    RINGBACK_SIP_TLS_KEY: file('expired.key', leaf.key),
  };
  await assert.rejects(startServerProcess({ data, settings }), {
    message: /ended before it was ready \(1\).*sip\.tls\.cert: \S+expired\.pem expired on 202\d-/s,
  });
});
