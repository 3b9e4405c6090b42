/** Trap 11: a request that comes by two ways is told (RFC 3261 8.2.2.2), at the same cost however much is going on. */
import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { manualClock, quietNetwork, RawPeer, sdp, tagOf } from '../../../test/peers/raw-sip.ts';
import type { SipEndpoint } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';

const opened: SipEndpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((endpoint) => endpoint.stop(0))));

/** What is repeated on wall time follows `t1`; the rest follows the clock. */
async function start(t1 = 10) {
  const clock = manualClock();
  const net = quietNetwork();
  const invited: string[] = [];
  const endpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 5060,
    clock,
    network: net.network,
    timing: { t1, t2: 4 * t1, t4: 10 * t1 },
    onInvite(call) {
      invited.push(call.invite.callId);
      call.ring();
      return { ended: () => {} };
    },
  });
  opened.push(endpoint);
  const [at] = await endpoint.start();
  const peer = await RawPeer.open(net.network, () => at!);
  return { clock, net, endpoint, peer, invited };
}

it('a loop is answered 482 as long as its first round is served', async () => {
  const { clock, net, peer, invited } = await start();
  peer.request({ callId: 'loop', branch: 'z9hG4bKfirst', body: sdp });
  await net.quiet();
  for (const branch of ['z9hG4bKsecond', 'z9hG4bKthird', 'z9hG4bKfourth']) {
    peer.request({ callId: 'loop', branch, body: sdp });
    await net.quiet();
    const refusal = peer.last('SIP/2.0 482');
    peer.request({ method: 'ACK', callId: 'loop', branch, toTag: tagOf(refusal) });
    await net.quiet();
    // The refused round is over; the first is not.
    clock.advance(100);
  }
  assert.deepEqual(invited, ['loop']);
  assert.equal(new Set(peer.lines.filter((line) => line === '482 INVITE')).size, 1);
});

/** Every way into a map or a set, counted: looking one thing up is one, going through all of them is as many. */
async function lookUps(run: () => Promise<void>): Promise<number> {
  let count = 0;
  const undo: (() => void)[] = [];
  for (const owner of [Map.prototype, Set.prototype]) {
    for (const name of [
      'get',
      'has',
      'set',
      'add',
      'delete',
      'keys',
      'values',
      'entries',
      'forEach',
      Symbol.iterator,
    ]) {
      const original = Object.getOwnPropertyDescriptor(owner, name);
      if (!original) continue;
      const plain = original.value as (...args: readonly unknown[]) => unknown;
      const goesThrough = !['get', 'has', 'set', 'add', 'delete'].includes(String(name));
      const counting = function (this: { readonly size: number }, ...args: readonly unknown[]): unknown {
        count += goesThrough ? this.size : 1;
        return Reflect.apply(plain, this, args);
      };
      Object.defineProperty(owner, name, { ...original, value: counting });
      undo.push(() => Object.defineProperty(owner, name, original));
    }
  }
  try {
    await run();
  } finally {
    for (const restore of undo) restore();
  }
  return count;
}

it('trap 11: costs no more look-ups beside ten thousand transactions than beside ten', async () => {
  const counts: number[] = [];
  for (const others of [10, 10_000]) {
    const { net, endpoint, peer } = await start(60_000);
    for (let n = 0; n < others; n++) {
      peer.request({ method: n % 2 === 0 ? 'INVITE' : 'OPTIONS', callId: `other${n}`, body: sdp });
      if (n % 1000 === 0) await net.quiet();
    }
    peer.request({ callId: 'loop', branch: 'z9hG4bKfirst', body: sdp });
    await net.quiet();
    assert.equal(endpoint.stats().serverTransactions, others + 1);
    counts.push(
      await lookUps(async () => {
        peer.request({ callId: 'loop', branch: 'z9hG4bKsecond', body: sdp });
        peer.request({ callId: 'new', body: sdp });
        await net.quiet();
      }),
    );
    assert.ok(peer.lines.includes('482 INVITE'));
  }
  // Alike but for a timer that may fall into either; going through all of them would be ten thousand.
  for (const count of counts) assert.ok(count < 80, `${counts.join(' and ')} look-ups`);
});
