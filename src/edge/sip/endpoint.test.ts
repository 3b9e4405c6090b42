/** What an endpoint does with its sockets, its bounds and its hooks. */
import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import net from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { manualClock, quietNetwork, RawPeer, sdp, until } from '../../../test/peers/raw-sip.ts';
import type {
  Address,
  CallEnd,
  Observed,
  PingResult,
  SipEndpoint,
  SipEndpointOptions,
  Target,
} from './api.ts';
import { wallClock } from './clock.ts';
import { createSipEndpoint } from './endpoint.ts';
import { createFlights } from './flights.ts';

const opened: SipEndpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((endpoint) => endpoint.stop())));

const timing = { t1: 50, t2: 400, t4: 500 };

async function open(
  options: Partial<SipEndpointOptions> = {},
): Promise<{ readonly endpoint: SipEndpoint; readonly at: Address }> {
  const endpoint = createSipEndpoint({ hosts: ['127.0.0.1'], port: 0, clock: wallClock, timing, ...options });
  opened.push(endpoint);
  const [at] = await endpoint.start();
  return { endpoint, at: at! };
}

function ping(endpoint: SipEndpoint, target: Target): Promise<PingResult> {
  return new Promise((resolve) => endpoint.options(target, resolve));
}

function invite(endpoint: SipEndpoint, target: Target, key?: string): Promise<CallEnd> {
  return new Promise((resolve) => {
    const uri = `sip:+1555@127.0.0.1:${target.port}`;
    const options = { target, requestUri: uri, to: uri, from: 'sip:+1666@127.0.0.1', sdp };
    const call = endpoint.invite(key === undefined ? options : { ...options, key }, {
      answered: () => call.bye(),
      ended: resolve,
    });
  });
}

describe('an endpoint', () => {
  it('listens on one port for UDP and TCP, of IPv4 and IPv6', async () => {
    const { at } = await open({ hosts: ['127.0.0.1', '::1'] });
    const caller = await open({ hosts: ['127.0.0.1', '::1'] });
    for (const host of ['127.0.0.1', '::1']) {
      for (const protocol of ['udp', 'tcp'] as const) {
        const result = await ping(caller.endpoint, { host, port: at.port, protocol });
        assert.deepEqual(result, { kind: 'response', status: 200, reason: 'OK' }, `${protocol} ${host}`);
      }
    }
  });

  it('names host and port of a taken port, for UDP as for TCP', async () => {
    const { endpoint, at } = await open();
    const second = createSipEndpoint({ hosts: ['127.0.0.1'], port: at.port, clock: wallClock });
    await assert.rejects(second.start(), {
      message: `cannot listen on UDP 127.0.0.1:${at.port}: it is taken`,
    });
    await endpoint.stop();
    const server = net.createServer().listen(at.port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const third = createSipEndpoint({ hosts: ['127.0.0.1'], port: at.port, clock: wallClock });
    await assert.rejects(third.start(), {
      message: `cannot listen on TCP 127.0.0.1:${at.port}: it is taken`,
    });
    server.close();
  });

  it('learns over UDP that a port is closed, long before timer B', async () => {
    const free = dgram.createSocket('udp4');
    await new Promise<void>((resolve) => free.bind(0, '127.0.0.1', resolve));
    const { port } = free.address();
    await new Promise<void>((resolve) => free.close(() => resolve()));
    const { endpoint } = await open();
    const end = await invite(endpoint, { host: '127.0.0.1', port, protocol: 'udp' });
    assert.deepEqual([end.kind, end.by, end.reason], ['transport', 'local', 'port unreachable']);
  });

  it('uses a connection again, for requests of both sides', async () => {
    const callee = await open({
      onInvite(call) {
        call.answer(sdp);
        return { acknowledged: () => call.bye(), ended: () => {} };
      },
    });
    const caller = await open();
    const target = { ...callee.at, protocol: 'tcp' } as const;
    for (let n = 0; n < 3; n++) {
      await new Promise<void>((resolve) => {
        const uri = `sip:+1555@127.0.0.1:${target.port}`;
        caller.endpoint.invite(
          { target, requestUri: uri, to: uri, from: 'sip:a@b', sdp },
          { ended: () => resolve() },
        );
      });
    }
    assert.deepEqual([caller.endpoint.stats().connections, callee.endpoint.stats().connections], [1, 1]);
  });

  it('closes connections that only say half a message, and those beyond its bound', async () => {
    const { endpoint, at } = await open({ bounds: { connections: 2, idleConnectionMs: 30 } });
    const sockets = [0, 1, 2].map(() => net.connect(at.port, at.host));
    const closed = sockets.map(
      (socket) => new Promise((resolve) => socket.on('error', () => {}).once('close', resolve)),
    );
    for (const socket of sockets) socket.write('INVITE sip:a');
    await Promise.all(closed);
    await until(() => (endpoint.stats().connections === 0 ? undefined : 'open'));
  });

  it('answers a double CRLF on a connection', async () => {
    const { at } = await open();
    const socket = net.connect(at.port, at.host);
    socket.write('\r\n\r\n');
    const pong = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    assert.equal(pong.toString(), '\r\n');
    socket.destroy();
  });

  it('tells its observer every message, which call it is of, and what is a repetition', async () => {
    const { network, quiet } = quietNetwork();
    const seen: Observed[] = [];
    const { at } = await open({
      network,
      port: 5060,
      clock: manualClock(),
      newKey: () => 'leg-1',
      observe: (message) => seen.push(message),
      onInvite(call) {
        call.reject(486);
        return { ended: () => {} };
      },
    });
    const peer = await RawPeer.open(network, () => at);
    const text = peer.request();
    peer.say(text);
    await quiet();
    peer.request({ method: 'OPTIONS' });
    await quiet();
    assert.deepEqual(
      seen.map(({ direction, text: words, repeated, key }) => [
        direction,
        words.split(' ').slice(0, 2).join(' '),
        repeated,
        key,
      ]),
      [
        ['in', 'INVITE sip:+15551234567@127.0.0.1', false, 'leg-1'],
        ['out', 'SIP/2.0 486', false, 'leg-1'],
        ['in', 'INVITE sip:+15551234567@127.0.0.1', true, 'leg-1'],
        ['out', 'SIP/2.0 486', true, 'leg-1'],
        ['in', 'OPTIONS sip:+15551234567@127.0.0.1', false, undefined],
        ['out', 'SIP/2.0 200', false, undefined],
      ],
    );
    assert.equal(seen[0]?.text, text);
  });

  it('lets in whom `admit` lets in, refuses or ignores the rest', async () => {
    const { network, quiet } = quietNetwork();
    const { endpoint, at } = await open({
      network,
      port: 5060,
      clock: manualClock(),
      admit: ({ source }) => (source.port === 5071 ? 403 : source.port !== 5072),
    });
    const lines = [];
    for (const port of [5071, 5072, 5073]) {
      const peer = await RawPeer.open(network, () => at, { host: '127.0.0.1', port });
      peer.request({ method: 'OPTIONS' });
      await quiet();
      lines.push(peer.lines.join());
    }
    assert.deepEqual(lines, ['403 OPTIONS', '', '200 OPTIONS']);
    assert.equal(endpoint.stats().serverTransactions, 1);
  });

  it('can play dead', async () => {
    const { network, quiet } = quietNetwork();
    const clock = manualClock();
    const { endpoint, at } = await open({
      network,
      clock,
      onInvite(call) {
        call.ignore();
        return { ended: () => {} };
      },
    });
    const peer = await RawPeer.open(network, () => at);
    peer.say(peer.request());
    await quiet();
    assert.deepEqual(peer.lines, []);
    clock.advance(64 * timing.t1);
    assert.deepEqual([endpoint.stats().serverTransactions, endpoint.stats().calls, clock.armed], [0, 0, 0]);
  });

  it('survives handlers that throw, and tells of it', async () => {
    const { network, quiet } = quietNetwork();
    const bugs: unknown[] = [];
    const { at } = await open({
      network,
      clock: manualClock(),
      failed: (error) => bugs.push(error),
      onInvite: () => {
        throw new Error('a bug');
      },
    });
    const peer = await RawPeer.open(network, () => at);
    peer.request();
    await quiet();
    assert.deepEqual([peer.lines, bugs.length], [['500 INVITE'], 1]);
  });

  it('completes calls over a network that loses and doubles messages', async () => {
    let n = 0;
    const { network } = quietNetwork({ fate: () => (++n % 5 === 0 ? [] : n % 7 === 0 ? [0, 3] : [0]) });
    const options = { network, timing: { t1: 10, t2: 40, t4: 50 } };
    const callee = await open({
      ...options,
      onInvite(call) {
        call.ring();
        call.answer(sdp);
        return { ended: () => {} };
      },
    });
    const caller = await open(options);
    const target = { ...callee.at, protocol: 'udp' } as const;
    const ends = await Promise.all(Array.from({ length: 50 }, () => invite(caller.endpoint, target)));
    assert.deepEqual(new Set(ends.map(({ kind, by }) => `${kind} ${by}`)), new Set(['bye local']));
  });

  it('leaves nothing behind: no timer, no transaction, no call', async () => {
    const { network, quiet } = quietNetwork();
    const clock = manualClock();
    const options = { network, clock };
    const callee = await open({
      ...options,
      onInvite(call) {
        call.answer(sdp);
        return { ended: () => {} };
      },
    });
    const caller = await open(options);
    const target = { ...callee.at, protocol: 'udp' } as const;
    const ended = Promise.all(Array.from({ length: 100 }, () => invite(caller.endpoint, target)));
    await ended;
    await quiet();
    clock.advance(64 * timing.t1);
    for (const { endpoint } of [caller, callee]) {
      const { calls, clientTransactions, serverTransactions, timers } = endpoint.stats();
      assert.deepEqual([calls, clientTransactions, serverTransactions, timers], [0, 0, 0, 0]);
    }
    assert.equal(clock.armed, 0);
  });

  it('hangs up what is left when it stops', async () => {
    const ends: string[] = [];
    const callee = await open({
      onInvite(call) {
        if (call.invite.requestUri.includes('+1')) call.answer(sdp);
        else call.ring();
        return { ended: ({ kind, by }) => ends.push(`${kind} ${by}`) };
      },
    });
    const caller = await open();
    let waiting = 2;
    const target = { ...callee.at, protocol: 'udp' } as const;
    for (const user of ['+1', 'ring']) {
      const uri = `sip:${user}@127.0.0.1:${target.port}`;
      caller.endpoint.invite(
        { target, requestUri: uri, to: uri, from: 'sip:a@b', sdp },
        { answered: () => waiting--, progress: () => waiting--, ended: () => {} },
      );
    }
    await until(() => (waiting === 0 ? undefined : 'waiting for answer and ringing'));
    await caller.endpoint.stop();
    await until(() => (ends.length === 2 ? undefined : `only ${ends.join()}`));
    assert.deepEqual(ends.sort(), ['bye remote', 'cancelled remote']);
  });

  it('keeps the process busy while a message is between two endpoints of it', async () => {
    let held = 0;
    let most = 0;
    const flights = createFlights(() => {
      held += 1;
      most = Math.max(most, held);
      return () => {
        held -= 1;
      };
    });
    const callee = await open({ flights });
    const caller = await open({ flights });
    for (const protocol of ['udp', 'tcp'] as const) {
      most = 0;
      const answered = ping(caller.endpoint, { ...callee.at, protocol });
      assert.equal(held, 1, protocol);
      await answered;
      await until(() => (held === 0 ? undefined : `${held} held`));
    }
  });
});
