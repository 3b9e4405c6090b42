/** Calls between an application and baresip over TLS: our certificate alone, and certificates on both sides. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { SipEndpointOptions } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { type LocalAuthority, openAuthority } from '../../src/edge/tls/authority.ts';
import type { Certified } from '../../src/edge/tls/issue.ts';
import type { Application } from '../peers/application.ts';
import { Baresip, baresipMissing, phonePort } from '../peers/baresip.ts';
import { BaresipStage } from '../peers/baresip-stage.ts';
import { newestEnd } from '../peers/call-log.ts';
import { fetchCapture } from '../peers/capture.ts';
import { sdp } from '../peers/raw-sip.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = baresipMissing();
const unread = tsharkMissing() !== false;
const loopback = '127.0.0.1';

const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
after(() => rmSync(directory, { recursive: true, force: true }));

let authority: LocalAuthority;
let stranger: LocalAuthority;
let ours: Certified;
let theirs: Certified;
before(async () => {
  [authority, stranger] = await Promise.all([openAuthority(), openAuthority()]);
  [ours, theirs] = await Promise.all([
    authority.issueCertificate([loopback]),
    authority.issueCertificate([loopback]),
  ]);
});

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const openStage = (clientCertificates: 'none' | 'required', log?: (line: string) => void) => {
  const files = {
    cert: file('ours.pem', ours.cert),
    key: file('ours.key', ours.key),
    caFile: file('ca.pem', authority.ca),
  };
  const sipTls = JSON.stringify({ port: 0, ...files, clientCertificates });
  return BaresipStage.open({ transport: 'tls', sipTls, ...(log ? { log } : {}) });
};

for (const [title, clientCertificates] of [
  ['baresip over TLS', 'none'],
  ['baresip over TLS, with certificates on both sides', 'required'],
] as const) {
  describe(title, { skip, timeout: 120_000 }, () => {
    let stage: BaresipStage;
    let app: Application;
    before(async () => {
      stage = await openStage(clientCertificates);
      app = stage.app;
    });
    afterEach(() => stage.putDown());
    after(() => stage[Symbol.asyncDispose]());
    const pickUp = (answers: 'auto' | 'manual') =>
      // It takes calls with this certificate, and shows it to whoever asks.
      stage.pickUp(answers, { certificate: theirs });

    test('a phone that rejects the call is busy: 486/560486', async () => {
      await pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await stage.far.do('hangup');
      assert.deepEqual(await stage.failed(id), [486, 560486]);
    });

    test('a phone that nobody answers is cancelled after its time: 487/10004', async () => {
      await pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await stage.until(id, /^180 Ringing/);
      await stage.server.clock.advance('115s');
      assert.deepEqual(await stage.failed(id), [487, 10004]);
      await stage.far.next('CALL_CLOSED');
    });

    test('an application that gives up while it rings is told 487/0, and the phone stops ringing', async () => {
      await pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [487, 0]);
      await stage.far.next('CALL_CLOSED');
    });

    test('a phone that answers is heard, and hung up by the application: 200/7000', async () => {
      await pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await stage.far.do('accept');
      await app.next('CallConnected', id);
      await stage.until(id, /first packet/);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [200, 7000]);
      await stage.far.next('CALL_CLOSED');
    });

    test('a phone that holds, resumes and hangs up ends the call with 200/560000', async () => {
      await pickUp('auto');
      const id = await stage.connected();
      await stage.until(id, /first packet/);
      await stage.far.do('hold');
      await stage.onHold(id, true);
      await stage.far.do('resume');
      await stage.onHold(id, false);
      await stage.far.do('hangup');
      assert.deepEqual(await stage.endOf(id), [200, 560000]);
      if (unread) return;
      // TLS is captured as TCP, in the clear.
      assert.deepEqual(await complaints(await fetchCapture(stage.ready, id), stage.port), []);
    });

    test('a phone that calls and gives up before it is answered: 487/540487 in the log', async () => {
      await pickUp('manual');
      await stage.dial();
      await stage.far.do('hangup');
      assert.deepEqual(await newestEnd(stage.ready), [487, 540487]);
    });

    test('a phone that calls, is answered and heard, and hangs up: 200/540000', async () => {
      await pickUp('manual');
      const id = await stage.dialled();
      await stage.until(id, /first packet/);
      await stage.far.do('hangup');
      assert.deepEqual(await stage.endOf(id), [200, 540000]);
    });

    test('a phone that calls is hung up by the application: 200/7000', async () => {
      await pickUp('manual');
      const id = await stage.dialled();
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [200, 7000]);
      await stage.far.next('CALL_CLOSED');
    });

    for (const [callRejectReason, status] of [
      ['none', '603 Decline'],
      ['busy', '486 Busy Here'],
    ] as const) {
      test(`a phone that calls and is rejected (${callRejectReason}) sees ${status}`, async () => {
        await pickUp('manual');
        const { incomingCallContext } = await stage.dial();
        await app.client.rejectCall(incomingCallContext, { callRejectReason });
        assert.equal((await stage.far.next('CALL_CLOSED')).param, status);
      });
    }

    test('a phone that calls and whom nobody answers sees 480 after two minutes', async () => {
      await pickUp('manual');
      await stage.dial();
      await stage.server.clock.advance('120s');
      assert.match((await stage.far.next('CALL_CLOSED')).param ?? '', /^480 /);
    });
  });
}

/** baresip 1.0 takes any certificate of a server, so another program checks ours. */
const opensslMissing = (): string | false => {
  if (!spawnSync('openssl', ['version']).error) return false;
  if (process.env.CI === 'true') throw new Error('openssl is missing (Debian package openssl)');
  return 'SKIPPED: openssl is missing (Debian package openssl); nobody else checks our certificate';
};

describe('the certificate of our server', { skip: opensslMissing(), timeout: 60_000 }, () => {
  for (const [title, ca, name, verdict] of [
    ['is verified by whoever trusts its authority', () => authority.ca, loopback, undefined],
    ['is not verified by whoever trusts another', () => stranger.ca, loopback, /unable to get local issuer/],
    ['is for its own address only', () => authority.ca, '127.0.0.2', /IP address mismatch/],
  ] as const) {
    test(title, async () => {
      const tls = { port: 0, ...ours };
      const endpoint = createSipEndpoint({ hosts: [loopback], port: 0, clock: wallClock, tls });
      await endpoint.start();
      try {
        const trusted = file('trusted.pem', ca());
        const checks = ['-CAfile', trusted, '-no-CApath', '-verify_return_error', '-verify_ip', name];
        const where = ['-connect', `${loopback}:${endpoint.tlsPort}`, '-brief'];
        const client = spawn('openssl', ['s_client', ...where, ...checks], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        for (const stream of [client.stdout, client.stderr])
          stream.on('data', (bytes: Buffer) => {
            said += bytes.toString();
          });
        const [code] = await once(client, 'close');
        assert.equal(code === 0, verdict === undefined, said);
        assert.match(said, verdict ?? /Verification: OK/);
      } finally {
        await endpoint.stop();
      }
    });
  }
});

describe('a phone that baresip is, with a certificate we do not take', { skip, timeout: 60_000 }, () => {
  for (const [title, certificate, words] of [
    ['of an authority we do not trust', () => stranger.issueCertificate([loopback]), /not trusted/],
    ['for another name', () => authority.issueCertificate(['phone.example']), /not for 127\.0\.0\.1/],
    ['that does not exist', () => undefined, /no certificate|refuses the handshake/],
  ] as const) {
    test(`${title} is not called: 503/560503, and the log says why`, async () => {
      const log: string[] = [];
      const stage = await openStage('none', (line) => log.push(line));
      try {
        const own = await certificate();
        await stage.pickUp('auto', own ? { certificate: own } : {});
        assert.deepEqual(await stage.failed(await stage.create()), [503, 560503]);
        const { detail } = JSON.parse(log.find((line) => line.includes('"call-ended"')) ?? '{}');
        assert.match(detail ?? '', words);
      } finally {
        await stage[Symbol.asyncDispose]();
      }
    });
  }

  for (const [title, certificate, words] of [
    ['of an authority we do not trust', () => stranger.issueCertificate([loopback]), /not trusted/],
    ['that does not exist', () => undefined, /showed no certificate/],
  ] as const) {
    test(`${title} cannot call us where certificates are required`, async () => {
      const refused: string[] = [];
      let invites = 0;
      const options: SipEndpointOptions = {
        ...{ hosts: [loopback], port: 0, clock: wallClock },
        tls: { port: 0, ...ours, ca: [authority.ca], clientCertificates: 'required' },
        tlsRefused: (_, why) => refused.push(why),
        onInvite(call) {
          invites += 1;
          call.answer(sdp);
          return { ended: () => {} };
        },
      };
      const endpoint = createSipEndpoint(options);
      await endpoint.start();
      const call = async (own: Certified | undefined): Promise<Baresip> => {
        const port = await phonePort();
        const far = await Baresip.start({
          ...{ transport: 'tls', port, user: 'ada', answers: 'manual' },
          ...(own ? { certificate: own } : {}),
        });
        await far.do('dial', `sip:bob@${loopback}:${endpoint.tlsPort};transport=tls`);
        return far;
      };
      const wrong = await call(await certificate());
      try {
        await until('the handshake is refused', async () =>
          refused.length > 0 ? { is: true } : { notYet: `${invites} calls came` },
        );
        assert.match(refused[0] ?? '', words);
        const right = await call(theirs);
        try {
          await right.next('CALL_ESTABLISHED');
        } finally {
          await right[Symbol.asyncDispose]();
        }
        assert.equal(invites, 1);
      } finally {
        await wrong[Symbol.asyncDispose]();
        await endpoint.stop();
      }
    });
  }
});
