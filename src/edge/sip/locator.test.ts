/** Where requests go when a name stands for several servers (RFC 3263): over the in-memory network. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
} from '../../../test/peers/raw-sip.ts';
import type { NaptrRecord } from '../../wire/sip/naptr.ts';
import type { SrvRecord } from '../../wire/sip/srv.ts';
import type { Address, PingResult, SipEndpoint, Target } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';

const t1 = 1000;
const domain: Target = { host: 'carrier.example', port: 5070, protocol: 'udp', srv: true };

let clock: ManualClock;
let net: QuietNetwork;
let endpoint: SipEndpoint;
let at: Address;
let asked: string[];
let records: readonly SrvRecord[];
let pointers: readonly NaptrRecord[];
let results: PingResult[];

beforeEach(async () => {
  clock = manualClock();
  asked = [];
  results = [];
  pointers = [];
  records = [
    { priority: 20, weight: 0, name: 'b.carrier.example', port: 5072 },
    { priority: 10, weight: 0, name: 'a.carrier.example', port: 5071 },
  ];
  net = quietNetwork({
    names: {
      'carrier.example': ['127.0.0.1'],
      'a.carrier.example': ['127.0.0.1'],
      'b.carrier.example': ['127.0.0.1'],
      'two.example': ['127.0.0.2', '127.0.0.1'],
    },
    services: (name) => {
      asked.push(name);
      return records;
    },
    pointers: () => pointers,
  });
  endpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 5060,
    clock,
    network: net.network,
    // So that nothing is repeated on wall time.
    timing: { t1, t2: 4 * t1, t4: 5 * t1 },
    failed: (error) => {
      throw error;
    },
  });
  [at] = (await endpoint.start()) as [Address];
});
afterEach(() => endpoint.stop(0));

function peer(port: number, host = '127.0.0.1'): Promise<RawPeer> {
  return RawPeer.open(net.network, () => at, { host, port });
}

async function ask(target: Target = domain): Promise<void> {
  endpoint.options(target, (result) => results.push(result));
  await net.quiet();
}

async function answer(who: RawPeer, line: string): Promise<void> {
  who.answer(who.last('OPTIONS'), line);
  await net.quiet();
}

describe('a target with SRV records', () => {
  it('is reached at the server of the best priority, at its port', async () => {
    const [a, b] = [await peer(5071), await peer(5072)];
    await ask();
    assert.deepEqual([a.lines, b.lines], [['OPTIONS'], []]);
    assert.deepEqual(asked, ['_sip._udp.carrier.example']);
  });

  it('is reached at the next one after a 503, with another branch and all else the same', async () => {
    const [a, b] = [await peer(5071), await peer(5072)];
    await ask();
    await answer(a, '503 Service Unavailable');
    await answer(b, '200 OK');
    assert.deepEqual(results, [{ kind: 'response', status: 200, reason: 'OK' }]);
    const without = (text: string): string => text.replace(/branch=[^;]*/, '').replace(/sip:127[^>\s]*/g, '');
    assert.equal(without(a.last('OPTIONS')), without(b.last('OPTIONS')));
    assert.notEqual(a.last('OPTIONS'), b.last('OPTIONS'));
  });

  it('is reached at the next one after silence, and from then on there first', async () => {
    const [a, b] = [await peer(5071), await peer(5072)];
    await ask();
    clock.advance(64 * t1);
    await net.quiet();
    await answer(b, '200 OK');
    const before = a.heard.length;
    await ask();
    assert.equal(a.heard.length, before);
    assert.equal(b.lines.length, 2);
  });

  it('is not tried elsewhere after any other answer', async () => {
    const [a, b] = [await peer(5071), await peer(5072)];
    await ask();
    await answer(a, '404 Not Found');
    assert.deepEqual(results, [{ kind: 'response', status: 404, reason: 'Not Found' }]);
    assert.deepEqual(b.lines, []);
  });

  it('ends with what the last server brought', async () => {
    const [a, b] = [await peer(5071), await peer(5072)];
    await ask();
    await answer(a, '503 Service Unavailable');
    await answer(b, '503 Full');
    assert.deepEqual(results, [{ kind: 'response', status: 503, reason: 'Full' }]);
  });

  it('is reached at the name itself where there are none', async () => {
    records = [];
    const c = await peer(5070);
    await ask();
    assert.deepEqual(c.lines, ['OPTIONS']);
  });

  it('is not reached where its only record says that there is no service', async () => {
    records = [{ priority: 0, weight: 0, name: '.', port: 0 }];
    await ask();
    assert.deepEqual(results, [{ kind: 'transport', why: 'no service at carrier.example' }]);
  });

  it('passes over servers whose names are unknown', async () => {
    records = [{ priority: 1, weight: 0, name: 'gone.example', port: 5071 }, ...records];
    const a = await peer(5071);
    await ask();
    assert.deepEqual(a.lines, ['OPTIONS']);
  });
});

const pointer = (order: number, service: string, replacement: string): NaptrRecord => ({
  ...{ order, preference: 1, flags: 's', service, replacement },
});

describe('a target with NAPTR records', () => {
  const pointed: Target = { ...domain, naptr: true };

  it('is reached by the protocol that its name likes best', async () => {
    const other = createSipEndpoint({ hosts: ['127.0.0.1'], port: 5071, clock, network: net.network });
    await other.start();
    pointers = [
      pointer(20, 'SIP+D2U', '_sip._udp.elsewhere.example'),
      pointer(10, 'SIP+D2T', '_sip._tcp.elsewhere.example'),
    ];
    await ask(pointed);
    assert.deepEqual(asked.slice(0, 1), ['_sip._tcp.elsewhere.example']);
    assert.deepEqual(results, [{ kind: 'response', status: 200, reason: 'OK' }]);
    assert.equal(other.stats().connections, 1);
    await other.stop(0);
  });

  it('answers a challenge by the protocol that it was asked with', async () => {
    const protocols: string[] = [];
    const other = createSipEndpoint({
      ...{ hosts: ['127.0.0.1'], port: 5071, clock, network: net.network },
      observe: ({ protocol }) => protocols.push(protocol),
      authenticate: () => ({ realm: 'r', users: [{ user: 'u', password: 'p' }] }),
      onInvite(call) {
        call.reject(486);
        return { ended: () => {} };
      },
    });
    await other.start();
    pointers = [pointer(10, 'SIP+D2T', '_sip._tcp.elsewhere.example')];
    const told: string[] = [];
    endpoint.invite(
      {
        ...{ target: pointed, requestUri: 'sip:1@carrier.example', to: 'sip:1@carrier.example' },
        ...{ from: 'sip:a@b', credentials: { user: 'u', password: 'p' } },
      },
      { ended: ({ kind, by, status }) => told.push(`${kind} ${by} ${status}`) },
    );
    await net.quiet();
    assert.deepEqual(told, ['final remote 486']);
    assert.deepEqual([...new Set(protocols)], ['tcp']);
    await other.stop(0);
  });

  it('is asked for SRV records by its own protocol where it has none that can be used', async () => {
    const a = await peer(5071);
    pointers = [
      pointer(1, 'SIPS+D2T', '_sips._tcp.carrier.example'),
      pointer(2, 'SIP+D2S', '_sip._sctp.carrier.example'),
      { ...pointer(3, 'SIP+D2T', 'x.example'), flags: 'u' },
    ];
    await ask(pointed);
    assert.deepEqual(asked, ['_sip._udp.carrier.example']);
    assert.deepEqual(a.lines, ['OPTIONS']);
  });

  it('is not moved from TLS to anything less', async () => {
    records = [];
    pointers = [
      pointer(1, 'SIP+D2U', '_sip._udp.carrier.example'),
      pointer(2, 'SIPS+D2T', '_sips._tcp.secure.example'),
    ];
    await ask({ ...pointed, protocol: 'tls' });
    assert.deepEqual(asked, ['_sips._tcp.secure.example']);
  });

  it('is not asked for them unless that is wanted', async () => {
    pointers = [pointer(1, 'SIP+D2T', '_sip._tcp.elsewhere.example')];
    await ask();
    assert.deepEqual(asked, ['_sip._udp.carrier.example']);
  });
});

describe('a challenge of one of several servers', () => {
  it('is answered to that server', async () => {
    records = [
      { priority: 10, weight: 1, name: 'a.carrier.example', port: 5071 },
      { priority: 10, weight: 1, name: 'b.carrier.example', port: 5072 },
    ];
    const both = [await peer(5071), await peer(5072)];
    for (let n = 0; n < 8; n++) {
      endpoint.invite(
        {
          target: domain,
          ...{ requestUri: 'sip:1@carrier.example', to: 'sip:1@carrier.example', from: 'sip:a@b' },
          credentials: { user: 'u', password: 'p' },
        },
        { ended: () => {} },
      );
      await net.quiet();
      const asking = both.find(({ lines }) => lines.at(-1) === 'INVITE');
      asking?.answer(asking.last('INVITE'), '401 Unauthorized', {
        headers: ['WWW-Authenticate: Digest realm="r", nonce="n"'],
      });
      await net.quiet();
      assert.equal(asking?.lines.at(-1), 'INVITE');
      asking?.answer(asking.last('INVITE'), '486 Busy Here', { tag: 'x' });
      await net.quiet();
    }
  });
});

describe('a name with several addresses', () => {
  it('is reached at the next one when a connection is refused', async () => {
    const other = createSipEndpoint({ hosts: ['127.0.0.1'], port: 5080, clock, network: net.network });
    await other.start();
    await ask({ host: 'two.example', port: 5080, protocol: 'tcp' });
    assert.deepEqual(results, [{ kind: 'response', status: 200, reason: 'OK' }]);
    await other.stop(0);
  });

  it('is unknown when nobody knows it, and no records are asked for without srv', async () => {
    await ask({ host: 'nobody.example', port: 5060, protocol: 'udp' });
    assert.deepEqual(results, [{ kind: 'transport', why: 'unknown host nobody.example' }]);
    assert.deepEqual(asked, []);
  });
});

describe('a call to a name with several servers', () => {
  it('stays with the server that rang, even when that says 503 later', async () => {
    const [a, b] = [await peer(5071), await peer(5072)];
    const told: string[] = [];
    endpoint.invite(
      { target: domain, requestUri: 'sip:1@carrier.example', to: 'sip:1@carrier.example', from: 'sip:a@b' },
      {
        progress: ({ status }) => told.push(String(status)),
        ended: ({ kind, by, status }) => told.push(`${kind} ${by} ${status}`),
      },
    );
    await net.quiet();
    a.answer(a.last('INVITE'), '180 Ringing', { tag: 'a' });
    a.answer(a.last('INVITE'), '503 Service Unavailable', { tag: 'a' });
    await net.quiet();
    assert.deepEqual(told, ['180', 'final remote 503']);
    assert.deepEqual(b.lines, []);
  });
});
