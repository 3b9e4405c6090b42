/** Streams that mean harm: what is read of them, and how many may be open. */
import assert from 'node:assert/strict';
import nodeNet from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { manualClock, quietNetwork, sdp, until } from '../../../test/peers/raw-sip.ts';
import { defaultLimits } from '../../wire/sip/parse.ts';
import type { Address, Bounds, SipEndpoint } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';
import { Guests } from './guests.ts';
import type { Connection, Network } from './network.ts';
import { StreamFlow } from './stream-flow.ts';

const opened: SipEndpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((endpoint) => endpoint.stop(0))));

async function start(bounds: Partial<Bounds> = {}, network?: Network) {
  const endpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 0,
    clock: manualClock(),
    bounds,
    ...(network && { network }),
    admit: ({ source }) => (source.host.startsWith('127.0.0.1') ? true : 403),
  });
  opened.push(endpoint);
  const [at] = await endpoint.start();
  return { endpoint, at: at! };
}

let count = 0;
function options(extra = '', body = ''): string {
  count += 1;
  return `OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKs${count}\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: s${count}\r\nCSeq: 1 OPTIONS\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;
}

interface Caller {
  readonly heard: () => string;
  readonly closed: () => boolean;
  say(text: string): void;
}

function dial(network: Network, to: Address, fromHost = '127.0.0.1'): Caller {
  let heard = '';
  let closed = false;
  const connection = network.connect(to, fromHost, {
    connected: () => {},
    received: (bytes) => {
      heard += bytes.toString('latin1');
    },
    closed: () => {
      closed = true;
    },
  });
  return {
    heard: () => heard,
    closed: () => closed,
    say: (text) => connection.write(Buffer.from(text, 'latin1')),
  };
}

const answers = (caller: Caller): number => caller.heard().split('SIP/2.0 200 OK').length - 1;

describe('a stream', () => {
  it('of single bytes, as large as a message may be, is put together again', async () => {
    const { network, quiet } = quietNetwork();
    const { at } = await start({}, network);
    const caller = dial(network, at);
    for (const byte of options(`X: ${'x'.repeat(60_000)}\r\n`, sdp)) caller.say(byte);
    await quiet();
    assert.equal(answers(caller), 1);
  });

  it('of messages is answered to its last one, in whatever pieces and with whatever between', async () => {
    const { network, quiet } = quietNetwork();
    const { at } = await start({}, network);
    const stream = Array.from(
      { length: 50 },
      (_, n) => options('', 'b'.repeat(n)) + '\r\n'.repeat(n % 5),
    ).join('');
    for (const size of [1, 7, 1000, stream.length]) {
      const caller = dial(network, at);
      const fresh = stream.replaceAll('z9hG4bKs', `z9hG4bK${size}s`).replaceAll('ID: s', `ID: ${size}s`);
      for (let from = 0; from < fresh.length; from += size) caller.say(fresh.slice(from, from + size));
      await quiet();
      assert.equal(answers(caller), 50, `${size}`);
    }
  });

  const ends: Readonly<Record<string, string>> = {
    'without line breaks': 'x'.repeat(70_000),
    'of a header without end': `OPTIONS sip:h SIP/2.0\r\n${'X: y\r\n'.repeat(12_000)}`,
    'with a huge length': options().replace('Length: 0', 'Length: 999999999'),
    'with a length beyond numbers': options().replace('Length: 0', `Length: ${'9'.repeat(400)}`),
    'with a negative length': options().replace('Length: 0', 'Length: -1'),
    'with two lengths': options('l: 5\r\n'),
    'without a length': options().replace('Content-Length: 0\r\n', ''),
    'of garbage': '\x00\xff\r\n\r\n',
  };
  for (const [name, text] of Object.entries(ends)) {
    it(`${name} is cut off, and a good message behind it is not believed`, async () => {
      const { network, quiet } = quietNetwork();
      const { endpoint, at } = await start({}, network);
      const caller = dial(network, at);
      const witness = dial(network, at);
      // In one piece, and in the piece after it.
      caller.say(text + options());
      caller.say(options());
      witness.say(options());
      await quiet();
      assert.deepEqual([caller.closed(), answers(caller), answers(witness)], [true, 0, 1]);
      assert.deepEqual([endpoint.stats().connections, endpoint.stats().malformed], [1, 1]);
    });
  }

  it('whose reader does not read is given up before its answers fill the memory', () => {
    let [backlog, closed] = [0, 0];
    const connection: Connection = {
      local: { host: '127.0.0.1', port: 1 },
      remote: { host: '127.0.0.1', port: 2 },
      get backlog() {
        return backlog;
      },
      write: (bytes) => {
        backlog += bytes.length;
      },
      close: () => {
        closed += 1;
      },
    };
    const user = {
      limits: defaultLimits,
      idleMs: 1000,
      keepAliveMs: 0,
      flights: undefined,
      received() {},
      broken() {},
      closed() {},
    };
    const flow = new StreamFlow(user, 'tcp', true).use(connection);
    const pings = Buffer.from('\r\n\r\n'.repeat(100_000));
    for (let n = 0; n < 20; n++) flow.received(pings);
    flow.closed(undefined);
    assert.ok(closed > 0 && backlog < (1 << 20) + 10, `${closed} ${backlog}`);
  });
});

describe('connections', () => {
  it('of one source are bounded, and leave room for others and for our own', async () => {
    const { network, quiet } = quietNetwork();
    const { endpoint, at } = await start({ connections: 20, connectionsPerSource: 8 }, network);
    const crowd = Array.from({ length: 100 }, () => dial(network, at, '10.0.0.1'));
    for (const caller of crowd) caller.say('INVITE sip:half');
    await quiet();
    assert.equal(crowd.filter((caller) => !caller.closed()).length, 8);
    const trunk = dial(network, at);
    trunk.say(options());
    await quiet();
    assert.equal(answers(trunk), 1);
    assert.equal(endpoint.stats().connections, 9);
  });

  it('that were let in stay when strangers crowd in; the oldest stranger goes', async () => {
    const { network, quiet } = quietNetwork();
    const { at } = await start({ connections: 10 }, network);
    const trunk = dial(network, at);
    trunk.say(options());
    await quiet();
    const crowd: Caller[] = [];
    for (let n = 0; n < 100; n++) {
      crowd.push(dial(network, at, `10.0.0.${n}`));
      await quiet();
    }
    const late = dial(network, at, '127.0.0.11');
    late.say(options());
    trunk.say(options());
    await quiet();
    assert.deepEqual([answers(trunk), answers(late)], [2, 1]);
    assert.deepEqual(crowd.map((caller) => caller.closed()).lastIndexOf(true), crowd.length - 9);
  });

  it('are counted out again, each once', () => {
    const guests = new Guests<{ remote: Address; kept: boolean; close(): void }>(2, 1);
    const guest = (host: string) => ({ remote: { host, port: 1 }, kept: true, close() {} });
    const [a, again, b] = [guest('a'), guest('a'), guest('b')];
    assert.deepEqual(
      [guests.entered(a), guests.entered(again), guests.entered(b), guests.entered(guest('c'))],
      [true, false, true, false],
    );
    guests.left(again);
    guests.left(a);
    guests.left(a);
    assert.deepEqual([guests.size, guests.entered(again)], [1, true]);
  });

  it('of real sockets, two hundred half open and one that speaks a byte at a time, hold up nobody', async () => {
    const { endpoint, at } = await start({ connectionsPerSource: 50 });
    const crowd = Array.from({ length: 200 }, () => nodeNet.connect({ ...at, localAddress: '127.0.0.2' }));
    for (const socket of crowd) socket.on('error', () => {}).write('INVITE sip:half');
    await until(() => {
      const gone = crowd.filter((socket) => socket.closed || socket.readyState === 'writeOnly').length;
      return gone === 150 ? undefined : `${gone} refused`;
    });
    const slow = nodeNet.connect(at.port, at.host).setNoDelay(true);
    let heard = '';
    slow.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    for (const byte of options()) await new Promise((done) => slow.write(byte, done));
    await until(() => (heard.startsWith('SIP/2.0 200 ') ? undefined : `hearing ${heard}`));
    assert.equal(endpoint.stats().connections, 51);
    for (const socket of [...crowd, slow]) socket.destroy();
    await until(() => (endpoint.stats().connections === 0 ? undefined : 'open'));
  });
});
