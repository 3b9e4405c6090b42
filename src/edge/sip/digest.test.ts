/** Challenges, answered and made: over the in-memory network, on a clock that stands still. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  field,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
  sdp,
} from '../../../test/peers/raw-sip.ts';
import { digestResponse, parseDigests } from '../../wire/sip/digest.ts';
import type { Address, CallEnd, OutboundCall, PingResult, SipEndpoint, SipEndpointOptions } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';

const credentials = { user: 'ringback', password: 's3cret' };
const target = { host: '127.0.0.1', port: 5070, protocol: 'udp' } as const;

let net: QuietNetwork;
let endpoint: SipEndpoint;
let at: Address;
let peer: RawPeer;
const opened: SipEndpoint[] = [];

async function open(options: Partial<SipEndpointOptions>, port = 5060): Promise<SipEndpoint> {
  const made = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port,
    clock: manualClock(),
    network: net.network,
    // So that nothing is repeated on wall time.
    timing: { t1: 1000, t2: 4000, t4: 5000 },
    failed: (error) => {
      throw error;
    },
    ...options,
  });
  opened.push(made);
  [at] = (await made.start()) as [Address];
  return made;
}

beforeEach(() => {
  net = quietNetwork();
});
afterEach(() => Promise.all(opened.splice(0).map((one) => one.stop(0))));

function challenge(nonce: string, more = ''): string {
  return `Digest realm="carrier", nonce="${nonce}", qop="auth", algorithm=SHA-256${more}`;
}

function given(text: string, name = 'Authorization'): ReadonlyMap<string, string> {
  const [fields] = parseDigests(field(text, name));
  assert.ok(fields, `no ${name} in ${text}`);
  return fields;
}

/** Checks a response the way the carrier would. */
function proves(text: string, name = 'Authorization'): boolean {
  const fields = given(text, name);
  const [method = '', uri = ''] = text.split(' ');
  const expected = digestResponse({
    ...{ algorithm: 'SHA-256', session: false, ...credentials, method, uri },
    realm: fields.get('realm') ?? '',
    nonce: fields.get('nonce') ?? '',
    counted: { nc: fields.get('nc') ?? '', cnonce: fields.get('cnonce') ?? '' },
  });
  return fields.get('response') === expected && fields.get('uri') === uri;
}

describe('a call with credentials', () => {
  let told: string[];
  let call: OutboundCall;

  async function place(more: Partial<Parameters<SipEndpoint['invite']>[0]> = { credentials }): Promise<void> {
    const uri = 'sip:+1555@127.0.0.1:5070';
    call = endpoint.invite(
      { target, requestUri: uri, from: 'sip:+1666@127.0.0.1', to: uri, sdp, ...more },
      {
        progress: ({ status }) => told.push(String(status)),
        answered: () => told.push('answered'),
        ended: ({ kind, by, status }: CallEnd) => told.push(`${kind} ${by} ${status}`),
      },
    );
    await net.quiet();
  }

  async function ask(status: string, header: string): Promise<void> {
    peer.answer(peer.last('INVITE'), status, { tag: 'p', headers: [header] });
    await net.quiet();
  }

  beforeEach(async () => {
    told = [];
    endpoint = await open({});
    peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
  });

  it('answers a 401 in a new transaction with the next CSeq, and acknowledges the refusal', async () => {
    await place();
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n1')}`);
    assert.deepEqual(peer.lines, ['INVITE', 'ACK', 'INVITE']);
    const [first, ack, second] = peer.heard as [string, string, string];
    assert.deepEqual(
      [first, ack, second].map((text) => field(text, 'CSeq')),
      ['1 INVITE', '1 ACK', '2 INVITE'],
    );
    assert.equal(field(second, 'Call-ID'), field(first, 'Call-ID'));
    assert.equal(field(second, 'From'), field(first, 'From'));
    assert.notEqual(field(second, 'Via'), field(first, 'Via'));
    assert.equal(field(second, 'To'), '<sip:+1555@127.0.0.1:5070>');
    assert.ok(proves(second));
    assert.deepEqual(told, []);
  });

  it('goes on with the same nonce, counted, through ACK and BYE', async () => {
    await place();
    await ask('407 Proxy Authentication Required', `Proxy-Authenticate: ${challenge('n1')}`);
    peer.answer(peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    const ack = peer.last('ACK');
    assert.equal(field(ack, 'CSeq'), '2 ACK');
    assert.equal(field(ack, 'Proxy-Authorization'), field(peer.last('INVITE'), 'Proxy-Authorization'));
    call.bye();
    await net.quiet();
    const bye = peer.last('BYE');
    assert.equal(field(bye, 'CSeq'), '3 BYE');
    assert.equal(given(bye, 'Proxy-Authorization').get('nc'), '00000002');
    assert.ok(proves(bye, 'Proxy-Authorization'));
    assert.deepEqual(told, ['answered', 'bye local 200']);
  });

  it('answers a BYE that is challenged again', async () => {
    await place();
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n1')}`);
    peer.answer(peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    call.bye();
    await net.quiet();
    peer.answer(peer.last('BYE'), '401 Unauthorized', { headers: [`WWW-Authenticate: ${challenge('n2')}`] });
    await net.quiet();
    const bye = peer.last('BYE');
    assert.equal(field(bye, 'CSeq'), '4 BYE');
    assert.deepEqual([given(bye).get('nonce'), given(bye).get('nc')], ['n2', '00000001']);
    assert.ok(proves(bye));
  });

  it('cancels the request that is under way', async () => {
    await place();
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n1')}`);
    peer.answer(peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await net.quiet();
    call.cancel();
    await net.quiet();
    const cancel = peer.last('CANCEL');
    assert.equal(field(cancel, 'CSeq'), '2 CANCEL');
    assert.equal(field(cancel, 'Via'), field(peer.last('INVITE'), 'Via'));
    peer.answer(peer.last('INVITE'), '487 Request Terminated', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(told, ['180', 'cancel-confirmed remote 487']);
  });

  it('answers the proxy and the peer behind it', async () => {
    await place();
    await ask('407 Proxy Authentication Required', `Proxy-Authenticate: ${challenge('n1')}`);
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n2')}`);
    const last = peer.last('INVITE');
    assert.equal(field(last, 'CSeq'), '3 INVITE');
    assert.ok(proves(last) && proves(last, 'Proxy-Authorization'));
    assert.equal(given(last, 'Proxy-Authorization').get('nc'), '00000002');
  });

  it('tries again with a new nonce when only the nonce was stale, and twice at most', async () => {
    await place();
    for (const nonce of ['n1', 'n2', 'n3'])
      await ask('401 Unauthorized', `WWW-Authenticate: ${challenge(nonce, ', stale=true')}`);
    assert.equal(peer.lines.filter((line) => line === 'INVITE').length, 3);
    assert.deepEqual(told, ['final remote 401']);
  });

  it('takes a second refusal of its credentials for an answer', async () => {
    await place();
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n1')}`);
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n2')}`);
    assert.equal(peer.lines.filter((line) => line === 'INVITE').length, 2);
    assert.deepEqual(told, ['final remote 401']);
  });

  it('does not show its credentials to another realm, nor answer what it cannot', async () => {
    await place({ credentials: { ...credentials, realm: 'ours' } });
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n1')}`);
    await place();
    await ask('401 Unauthorized', 'WWW-Authenticate: Digest realm="carrier", nonce="1", algorithm=TIGER');
    await place({});
    await ask('401 Unauthorized', `WWW-Authenticate: ${challenge('n1')}`);
    assert.deepEqual(told, ['final remote 401', 'final remote 401', 'final remote 401']);
  });
});

describe('OPTIONS with the credentials of the endpoint', () => {
  it('are answered for once and counted from then on', async () => {
    endpoint = await open({ credentials: () => credentials });
    peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
    const results: PingResult[] = [];
    endpoint.options(target, (result) => results.push(result));
    await net.quiet();
    peer.answer(peer.last('OPTIONS'), '401 Unauthorized', {
      headers: [`WWW-Authenticate: ${challenge('n1')}`],
    });
    await net.quiet();
    peer.answer(peer.last('OPTIONS'), '200 OK');
    await net.quiet();
    endpoint.options(target, (result) => results.push(result));
    await net.quiet();
    assert.equal(given(peer.last('OPTIONS')).get('nc'), '00000002');
    assert.ok(proves(peer.last('OPTIONS')));
    assert.deepEqual(results, [{ kind: 'response', status: 200, reason: 'OK' }]);
  });
});

describe('an endpoint that asks for credentials', () => {
  let users: (string | undefined)[];

  async function server(): Promise<void> {
    users = [];
    await open({
      authenticate: () => ({ realm: 'ringback', users: [credentials] }),
      onInvite(call) {
        users.push(call.user);
        call.answer(sdp);
        return { ended: () => {} };
      },
    });
  }

  function from(caller: SipEndpoint, password: string): Promise<string> {
    return new Promise((resolve) => {
      const uri = 'sip:+1555@127.0.0.1:5060';
      const call = caller.invite(
        {
          target: { ...target, port: 5060 },
          ...{ requestUri: uri, from: 'sip:+1666@127.0.0.1', to: uri, sdp },
          credentials: { user: 'ringback', password },
        },
        {
          answered: () => call.bye(),
          ended: ({ kind, by, status }) => resolve(`${kind} ${by} ${status}`),
        },
      );
    });
  }

  it('lets in who knows the password, and says who that was', async () => {
    await server();
    const caller = await open({}, 5080);
    assert.equal(await from(caller, 's3cret'), 'bye local 200');
    assert.deepEqual(users, ['ringback']);
  });

  it('challenges everybody else, inside what refusals may cost', async () => {
    await server();
    const caller = await open({}, 5080);
    assert.equal(await from(caller, 'guess'), 'final remote 401');
    assert.deepEqual(users, []);
  });

  it('offers SHA-256 before MD5, with a fresh nonce each time', async () => {
    await server();
    peer = await RawPeer.open(net.network, () => at);
    peer.request();
    peer.request({ method: 'OPTIONS' });
    await net.quiet();
    assert.deepEqual(peer.lines, ['401 INVITE', '401 OPTIONS']);
    const asked = peer.heard.map((text) =>
      text.split('\r\n').filter((line) => line.startsWith('WWW-Authenticate')),
    );
    assert.deepEqual(
      asked[0]!.map((line) => parseDigests(line.slice(18))[0]?.get('algorithm')),
      ['SHA-256', 'MD5'],
    );
    assert.notDeepEqual(asked[0], asked[1]);
  });

  it('refuses a replay, with a new nonce', async () => {
    await server();
    peer = await RawPeer.open(net.network, () => at);
    peer.request();
    await net.quiet();
    const nonce = given(peer.last('SIP/2.0 401'), 'WWW-Authenticate').get('nonce') ?? '';
    const uri = 'sip:+15551234567@127.0.0.1';
    const counted = { nc: '00000001', cnonce: 'c' };
    const response = digestResponse({
      ...{ algorithm: 'SHA-256', session: false, ...credentials, realm: 'ringback' },
      ...{ method: 'INVITE', uri, nonce, counted },
    });
    const authorized = `Authorization: Digest username="ringback", realm="ringback", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=SHA-256, cnonce="c", qop=auth, nc=00000001`;
    peer.request({ extra: [authorized], body: sdp });
    peer.request({ extra: [authorized], body: sdp });
    await net.quiet();
    assert.deepEqual(peer.lines, ['401 INVITE', '200 INVITE', '401 INVITE']);
    assert.equal(given(peer.last('SIP/2.0 401'), 'WWW-Authenticate').get('stale'), 'true');
    assert.deepEqual(users, ['ringback']);
  });

  it('challenges neither CANCEL nor ACK', async () => {
    await server();
    peer = await RawPeer.open(net.network, () => at);
    peer.request({ method: 'CANCEL' });
    peer.request({ method: 'ACK' });
    await net.quiet();
    assert.deepEqual(peer.lines, ['481 CANCEL']);
  });
});
