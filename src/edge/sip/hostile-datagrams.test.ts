/** Datagrams that mean harm: what comes of them, what is kept, and how much is said back. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { manualClock, quietNetwork, RawPeer, sdp } from '../../../test/peers/raw-sip.ts';
import type { Address, Bounds, SipEndpoint } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';

/** Longer than any test takes, so that nothing is repeated on wall time. */
const t1 = 60_000;
const limit = 64 * t1;
const clock = manualClock();
let net = quietNetwork();
let endpoint: SipEndpoint;
let at: Address;
let told: string[];
let invited: number;

/** Lets in 127.0.0.1 and 127.0.0.3. */
async function start(bounds: Partial<Bounds> = {}): Promise<void> {
  told = [];
  invited = 0;
  net = quietNetwork();
  endpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 5060,
    clock,
    network: net.network,
    timing: { t1, t2: 4 * t1, t4: 10 * t1 },
    bounds,
    admit: ({ source }) => (['127.0.0.1', '127.0.0.3'].includes(source.host) ? true : 403),
    onInvite(call) {
      invited += 1;
      call.ring();
      return { ended: ({ kind }) => told.push(kind) };
    },
    failed: (error) => {
      throw error;
    },
  });
  [at] = (await endpoint.start()) as [Address];
}
beforeEach(() => start());
afterEach(() => endpoint.stop(0));

const peerAt = (host: string, port = 5070): Promise<RawPeer> =>
  RawPeer.open(net.network, () => at, { host, port });
const bytes = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);

describe('a response', () => {
  const place = (): void => {
    endpoint.invite(
      {
        target: { host: '127.0.0.1', port: 5070, protocol: 'udp' },
        requestUri: 'sip:b@127.0.0.1:5070',
        from: 'sip:a@127.0.0.1',
        to: 'sip:b@127.0.0.1:5070',
        sdp,
      },
      { answered: () => told.push('answered'), ended: ({ kind, status }) => told.push(`${kind} ${status}`) },
    );
  };
  const forgeries: Readonly<Record<string, (invite: string) => string>> = {
    branch: (invite) => invite.replace(/branch=z9hG4bK\w/, 'branch=z9hG4bKx'),
    'sequence number': (invite) => invite.replace(/CSeq: \d+/, 'CSeq: 77'),
    method: (invite) => invite.replace(/(CSeq: \d+) INVITE/, '$1 BYE'),
    'Call-ID': (invite) => invite.replace(/Call-ID: ./, 'Call-ID: !'),
    'host in Via': (invite) => invite.replace('UDP 127.0.0.1:5060', 'UDP 192.0.2.9:5060'),
    'port in Via': (invite) => invite.replace('UDP 127.0.0.1:5060', 'UDP 127.0.0.1:5061'),
  };
  for (const [part, forge] of Object.entries(forgeries)) {
    it(`with another ${part} is nobody's`, async () => {
      const peer = await peerAt('127.0.0.1');
      place();
      await net.quiet();
      for (const line of ['486 Busy Here', '200 OK'])
        peer.answer(forge(peer.last('INVITE')), line, { tag: 'x' });
      await net.quiet();
      assert.deepEqual([told, endpoint.stats().dropped], [[], 2]);
      peer.answer(peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
      await net.quiet();
      assert.deepEqual(told, ['answered']);
    });
  }

  it('from another host counts only when that host is let in', async () => {
    const peer = await peerAt('127.0.0.1');
    const [stranger, colleague] = [await peerAt('127.0.0.2'), await peerAt('127.0.0.3')];
    place();
    await net.quiet();
    stranger.answer(peer.last('INVITE'), '486 Busy Here', { tag: 'x' });
    await net.quiet();
    assert.deepEqual(told, []);
    colleague.answer(peer.last('INVITE'), '486 Busy Here', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(told, ['final 486']);
  });
});

describe('a flood of requests about no dialog', () => {
  const flood = async (peer: RawPeer): Promise<number> => {
    let sent = 0;
    for (let n = 0; n < 1500; n++)
      for (const method of ['BYE', 'CANCEL', 'ACK', 'UPDATE'])
        sent += peer.request(method === 'CANCEL' ? { method } : { method, toTag: 'nobody' }).length;
    await net.quiet();
    return sent;
  };

  it('from those let in leaves nothing behind and is answered within a bound', async () => {
    await start({ strayAnswersPerSecond: 100 });
    const peer = await peerAt('127.0.0.1');
    await flood(peer);
    const { serverTransactions, timers, calls } = endpoint.stats();
    assert.deepEqual([serverTransactions, timers, calls], [0, 0, 0]);
    assert.deepEqual(new Set(peer.lines.map((line) => line.slice(0, 3))), new Set(['481']));
    // A flood may last into another second or two.
    assert.ok(peer.heard.length >= 100 && peer.heard.length <= 500, `${peer.heard.length}`);
  });

  it('from strangers is answered with fewer bytes than came', async () => {
    const peer = await peerAt('127.0.0.2');
    const sent = await flood(peer);
    assert.ok(peer.heard.length >= 20 && peer.heard.length <= 100, `${peer.heard.length}`);
    assert.ok(bytes(peer.heard) < sent / 20, `${bytes(peer.heard)} of ${sent}`);
    assert.deepEqual([endpoint.stats().serverTransactions, endpoint.stats().timers], [0, 0]);
  });

  it('is answered with the same tag when it is the same request', async () => {
    const peer = await peerAt('127.0.0.1');
    const cancel = peer.request({ method: 'CANCEL' });
    peer.say(cancel);
    await net.quiet();
    assert.deepEqual([peer.heard.length, new Set(peer.heard).size], [2, 1]);
  });
});

it('no datagram of a stranger is worth more bytes than it has, however small it is and wherever it comes from', async () => {
  const tiny = (method: string): string =>
    `${method} a:b SIP/2.0\r\nv:SIP/2.0/UDP h;rport;branch=z9hG4bK\r\nf:a:b;tag=1\r\nt:a:b\r\ni:1\r\nCSeq:1 ${method}\r\n\r\n`;
  const spoilt = tiny('BYE').replace('1 BYE', 'x');
  for (let n = 0; n < 300; n++) {
    const peer = await peerAt(`10.0.${n >> 8}.${n & 255}`);
    let sent = 0;
    for (const text of [tiny('A'), spoilt, tiny('INVITE'), tiny('OPTIONS').replace('2.0\r\nv', '3.0\r\nv')]) {
      peer.say(text);
      sent += text.length;
      await net.quiet();
      assert.ok(bytes(peer.heard) <= sent, `${bytes(peer.heard)} for ${sent}`);
    }
    // It is not deaf either: what was saved up pays for an answer in the end.
    if (n === 0) assert.ok(peer.heard.length > 0);
  }
});

describe('a flood of INVITEs', () => {
  it('from those let in fills the bound of calls; the rest get 503 and leave nothing behind', async () => {
    await start({ calls: 50 });
    const peer = await peerAt('127.0.0.1');
    for (let n = 0; n < 500; n++) peer.request({ callId: `flood${n}`, body: sdp });
    await net.quiet();
    const count = (line: string): number => peer.lines.filter((heard) => heard === line).length;
    assert.deepEqual([invited, count('180 INVITE'), count('503 INVITE')], [50, 50, 450]);
    assert.deepEqual([endpoint.stats().calls, endpoint.stats().serverTransactions], [50, 50]);
    // Calls that are up can still be ended.
    const first = peer.heard.find((text) => text.includes('Call-ID: flood0\r\n')) ?? '';
    peer.request({ method: 'CANCEL', callId: 'flood0', branch: /branch=([^;\r]+)/.exec(first)?.[1] ?? '' });
    await net.quiet();
    assert.equal(endpoint.stats().calls, 49);
  });

  it('from ten thousand strangers reaches nobody', async () => {
    for (let n = 0; n < 10_000; n++) {
      const peer = await peerAt(`10.1.${n >> 8}.${n & 255}`);
      peer.request({ body: sdp });
      if (n % 500 === 0) await net.quiet();
    }
    await net.quiet();
    const { calls, serverTransactions, timers, sent } = endpoint.stats();
    assert.deepEqual([invited, calls, serverTransactions, timers], [0, 0, 0, 0]);
    assert.ok(sent <= 5000, `${sent} answers to forged addresses`);
  });

  it('sent again and again is one call, answered no more often than an honest caller asks', async () => {
    const peer = await peerAt('127.0.0.1');
    const text = peer.request({ body: sdp });
    for (let n = 0; n < 5000; n++) peer.say(text);
    await net.quiet();
    assert.equal(invited, 1);
    assert.ok(peer.heard.length < 70, `${peer.heard.length}`);
  });
});

it('large requests are kept up to so many bytes', async () => {
  await start({ transactionBytes: 1 << 20 });
  const peer = await peerAt('127.0.0.1');
  for (let n = 0; n < 100; n++) peer.request({ method: 'OPTIONS', extra: [`X: ${'x'.repeat(60_000)}`] });
  await net.quiet();
  assert.equal(endpoint.stats().serverTransactions, 18);
  assert.equal(peer.lines.filter((line) => line === '503 OPTIONS').length, 82);
  clock.advance(limit);
  peer.request({ method: 'OPTIONS' });
  await net.quiet();
  assert.equal(peer.lines.at(-1), '200 OPTIONS');
});

it('no hops left is a matter for proxies: whom it has reached serves it', async () => {
  // RFC 4475 3.3.11.
  const peer = await peerAt('127.0.0.1');
  const text = peer.request({ body: sdp });
  peer.say(
    text
      .replace('Max-Forwards: 70', 'Max-Forwards: 0')
      .replace(/branch=\w+/, 'branch=z9hG4bKzero')
      .replace('Call-ID: ', 'Call-ID: z'),
  );
  await net.quiet();
  assert.equal(invited, 2);
});
