import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { InboundHandlers, SipEndpoint } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { openAuthority } from '../../src/edge/tls/authority.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication } from '../peers/application.ts';

interface Listed {
  readonly name: string;
  readonly health: string;
  readonly why?: string;
}

describe('a carrier over TLS, with certificates on both sides and a password', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
  let carrier: SipEndpoint;
  let server: Ringback;
  let app: Application;
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  before(async () => {
    const authority = await openAuthority();
    const [theirs, ours] = await Promise.all([
      authority.issueCertificate(['carrier.example', '127.0.0.1']),
      authority.issueCertificate(['ringback.example', '127.0.0.1']),
    ]);
    carrier = createSipEndpoint({
      hosts: ['127.0.0.1'],
      port: 0,
      clock: wallClock,
      tls: { port: 0, ...theirs, ca: [authority.ca], clientCertificates: 'required' },
      authenticate: () => ({ realm: 'carrier', users: [{ user: 'acme', password: 'secret of acme' }] }),
      onInvite: (call): InboundHandlers => {
        if (call.invite.requestUri.includes('4920')) call.reject(486, 'Busy Here');
        else
          call.answer(
            'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n',
          );
        return { ended: () => {} };
      },
    });
    await carrier.start();
    server = await startRingback({
      config: `
sip:
  tls:
    port: 0
    cert: ${file('ours.pem', ours.cert)}
    key: ${file('ours.key', ours.key)}
    caFile: ${file('ca.pem', authority.ca)}
    clientCertificates: required
trunks:
  - name: secure
    kind: direct-routing
    host: 127.0.0.1
    port: ${carrier.tlsPort}
    protocol: tls
    serverName: carrier.example
    media: none
    credentials: { user: acme, password: secret of acme }
  - name: wrong-password
    kind: direct-routing
    host: 127.0.0.1
    port: ${carrier.tlsPort}
    protocol: tls
    serverName: carrier.example
    media: none
    credentials: { user: acme, password: a guess }
    allow: none
  - name: wrong-name
    kind: direct-routing
    host: 127.0.0.1
    port: ${carrier.tlsPort}
    protocol: tls
    serverName: other.example
    media: none
    allow: none
routes:
  - { pattern: '\\+1492\\d{7}', trunk: secure }
  - { pattern: '\\+1493\\d{7}', trunk: wrong-password }
  - { pattern: '\\+1494\\d{7}', trunk: wrong-name }
destinations: { allow: ["+149"] }
`,
    });
    app = await openApplication({ server: server.server.ready });
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await server.stop();
    await carrier.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const call = async (number: string): Promise<string> => {
    const { callConnectionProperties } = await app.client.createCall(
      { targetParticipant: { phoneNumber: number }, sourceCallIdNumber: { phoneNumber: '+18005550100' } },
      app.callbackUrl,
    );
    return callConnectionProperties.callConnectionId as string;
  };

  test('answers a call whose challenge we answered, and takes our hang-up', async () => {
    const id = await call('+14925550100');
    await app.next('CallConnected', id);
    await app.client.getCallConnection(id).hangUp(true);
    const end = await app.next('CallDisconnected', id);
    assert.equal(end.resultInformation?.subCode, 7000);
  });

  test('refuses in its own words: busy is busy', async () => {
    const failed = await app.next('CreateCallFailed', await call('+14924920000'));
    assert.equal(failed.resultInformation?.subCode, 560486);
  });

  test('that does not take our password fails the call with its 401', async () => {
    const failed = await app.next('CreateCallFailed', await call('+14935550100'));
    assert.deepEqual([failed.resultInformation?.code, failed.resultInformation?.subCode], [401, 560401]);
  });

  test('whose certificate is for another name is not called, and the trunk says so', async () => {
    const failed = await app.next('CreateCallFailed', await call('+14945550100'));
    assert.equal(failed.resultInformation?.subCode, 560503);
    const why = await until('the state of the trunk', async () => {
      const { value } = (await signedRequest(server.server.ready, 'GET', 'trunks', undefined)) as {
        value: readonly Listed[];
      };
      const trunk = value.find(({ name }) => name === 'wrong-name');
      return trunk?.health === 'down' ? { is: trunk.why } : { notYet: JSON.stringify(trunk) };
    });
    assert.match(why ?? '', /name|certificate/i);
  });
});
