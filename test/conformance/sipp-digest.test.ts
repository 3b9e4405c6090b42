/** Digest authentication against SIPp: it challenges and checks us, and answers our challenge. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Credentials, SipEndpoint } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { sdp } from '../peers/raw-sip.ts';
import { sippMissing, startSipp } from '../peers/sipp.ts';

const credentials = { user: 'ringback', password: 's3cret' };
const skip = sippMissing();

describe('digest authentication against SIPp', { skip, timeout: 60_000 }, () => {
  let endpoint: SipEndpoint;
  let port: number;
  let users: (string | undefined)[] = [];
  let qop: 'auth' | 'auth-int' = 'auth';

  before(async () => {
    endpoint = createSipEndpoint({
      hosts: ['127.0.0.1'],
      port: 0,
      clock: wallClock,
      timing: { t1: 50, t4: 500 },
      authenticate: () => ({ realm: 'ringback', users: [credentials], algorithms: ['MD5'], qop: [qop] }),
      onInvite(call) {
        users.push(call.user);
        call.answer(sdp);
        return { ended: () => {} };
      },
    });
    const [address] = await endpoint.start();
    port = address!.port;
  });
  after(() => endpoint.stop());

  for (const protocol of ['udp', 'tcp'] as const) {
    for (const [code, reason, challenge] of [
      ['401', 'Unauthorized', 'WWW-Authenticate'],
      ['407', 'Proxy Authentication Required', 'Proxy-Authenticate'],
    ] as const) {
      // SIPp can compute what an Authorization must be, but not a Proxy-Authorization.
      const check =
        code === '401'
          ? '<verifyauth assign_to="right" username="ringback" password="s3cret"/>'
          : '<ereg assign_to="right" search_in="hdr" header="Proxy-Authorization:" check_it="true" regexp="^ *Digest username=.ringback., realm=.carrier., nonce=.*n., uri=.sip:.*, response=.[0-9a-f]{32}., algorithm=MD5, .*qop=auth, nc=0000000[12], opaque=.o.$"/>';
      it(`answers the ${code} of a carrier over ${protocol.toUpperCase()}, for INVITE and BYE`, async () => {
        const { end, sipp } = await place(protocol, { code, reason, challenge, check }, credentials);
        assert.equal(sipp, '');
        assert.equal(end, 'bye local 200');
      });
    }

    it(`challenges a caller over ${protocol.toUpperCase()} and lets it in`, async () => {
      users = [];
      const result = await callUs(protocol, credentials);
      assert.equal(result.code, 0, result.errors);
      assert.deepEqual(users, ['ringback']);
    });
  }

  it('proves the body of its INVITE to a carrier that asks for auth-int', async () => {
    const check = '<verifyauth assign_to="right" username="ringback" password="s3cret"/>';
    const asks = {
      code: '401',
      reason: 'Unauthorized',
      challenge: 'WWW-Authenticate',
      qop: 'auth-int',
      check,
    };
    const { end, sipp } = await place('udp', asks, credentials);
    assert.deepEqual([end, sipp], ['bye local 200', '']);
  });

  it('lets in a caller that proves its body (auth-int)', async () => {
    qop = 'auth-int';
    users = [];
    const result = await callUs('udp', credentials);
    qop = 'auth';
    assert.equal(result.code, 0, result.errors);
    assert.deepEqual(users, ['ringback']);
  });

  it('does not let in a caller with a wrong password', async () => {
    users = [];
    const result = await callUs('udp', { ...credentials, password: 'guess' });
    assert.notEqual(result.code, 0);
    assert.deepEqual(users, []);
  });

  async function place(
    protocol: 'udp' | 'tcp',
    values: Readonly<Record<string, string>>,
    given: Credentials,
  ): Promise<{ readonly end: string; readonly sipp: string }> {
    const sipp = await startSipp({ scenario: 'callee-challenges', protocol, values });
    const uri = `sip:+15557654321@${sipp.host}:${sipp.port}`;
    const end = await new Promise<string>((resolve) => {
      const call = endpoint.invite(
        {
          target: { host: sipp.host, port: sipp.port, protocol },
          ...{ requestUri: uri, to: uri, from: 'sip:+15550000000@127.0.0.1', sdp },
          credentials: given,
        },
        {
          answered: () => call.bye(),
          ended: ({ kind, by, status }) => resolve(`${kind} ${by} ${status}`),
        },
      );
    });
    const result = await sipp.done;
    return { end, sipp: result.code === 0 ? '' : `${result.code} ${result.errors}` };
  }

  async function callUs(protocol: 'udp' | 'tcp', { user, password }: Credentials) {
    const sipp = await startSipp({
      scenario: 'caller-authenticates',
      protocol,
      remote: `127.0.0.1:${port}`,
      values: { user, password },
      // Otherwise its digest is for the address alone, not for what it calls.
      extra: ['-auth_uri', `+15551234567@127.0.0.1:${port}`],
      seconds: 5,
    });
    return sipp.done;
  }
});
