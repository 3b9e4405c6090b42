/** What OPTIONS tells of a trunk: over the in-memory network, on a clock that stands still. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
} from '../../../test/peers/raw-sip.ts';
import type { Trunk, Trunks } from './trunk.ts';
import { createTrunks } from './trunks.ts';

const carrier: Trunk = {
  ...{ name: 'carrier', kind: 'carrier', host: '127.0.0.1', port: 5070, protocol: 'udp' },
  ...{ media: 'rtp', allow: [] },
};
const healthInterval = 30_000;

let net: QuietNetwork;
let clock: ManualClock;
let trunks: Trunks;
let peer: RawPeer;
beforeEach(async () => {
  net = quietNetwork();
  clock = manualClock();
  trunks = createTrunks({
    trunks: [carrier],
    hosts: ['127.0.0.1'],
    port: 5060,
    healthInterval,
    clock: { now: () => 0, at: (due, name, fire) => clock.after(due, name, fire) },
    trace: { add: () => {} },
    newLegId: () => 'leg',
    events: () => {},
    // So long that nothing is repeated.
    timing: { t1: 1000, t2: 4000, t4: 5000 },
    network: net.network,
    failed: (error) => {
      throw error;
    },
  });
  const at = { host: '127.0.0.1', port: 5060 };
  peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
  await trunks.start();
  await net.quiet();
});
afterEach(() => trunks.stop(0));

const answer = async (line: string, headers: readonly string[] = []): Promise<void> => {
  peer.answer(peer.last('OPTIONS'), line, { tag: 'p', headers });
  await net.quiet();
};
const state = (name = 'carrier'): string => {
  const trunk = trunks.status().trunks.find((each) => each.name === name);
  return `${trunk?.state}: ${trunk?.why}`;
};

describe('the health of a trunk', () => {
  it('is unknown, then what it answers: 503 is down, anything else up', async () => {
    assert.equal(state(), 'unknown: not answered yet');
    await answer('404 Not Found');
    assert.equal(state(), 'up: 404 Not Found');
    clock.advance(healthInterval);
    await net.quiet();
    await answer('503 Overloaded');
    assert.equal(state(), 'down: 503 Overloaded');
  });

  it('says what is wrong with a login: none, or one that is not taken', async () => {
    const challenge = ['WWW-Authenticate: Digest realm="carrier", nonce="n"'];
    await answer('401 Unauthorized', challenge);
    assert.equal(state(), 'up: 401 Unauthorized: it asks for credentials, and none are set');
    await trunks.use([{ ...carrier, credentials: { user: 'acme', password: 'wrong' } }]);
    await net.quiet();
    for (const nonce of ['n', 'm'])
      await answer(
        '401 Unauthorized',
        challenge.map((c) => c.replace('"n"', `"${nonce}"`)),
      );
    assert.equal(state(), 'up: 401 Unauthorized: user or password is wrong');
    await trunks.use([{ ...carrier, credentials: { user: 'acme', password: 'right', realm: 'other' } }]);
    await net.quiet();
    await answer('401 Unauthorized', challenge);
    assert.equal(state(), 'up: 401 Unauthorized: user or password is wrong, or its realm is not "other"');
  });

  it('stays while the trunk stays as it is, and starts anew with other settings', async () => {
    await answer('200 OK');
    await trunks.use([carrier, { ...carrier, name: 'other', port: 5080 }]);
    assert.deepEqual([state(), state('other')], ['up: 200 OK', 'unknown: not answered yet']);
    await trunks.use([{ ...carrier, media: 'none' }]);
    assert.equal(state(), 'unknown: not answered yet');
  });

  it('is not told by an answer from where the trunk no longer is', async () => {
    await trunks.use([{ ...carrier, port: 5080 }]);
    await answer('503 Overloaded');
    assert.equal(state(), 'unknown: not answered yet');
  });
});
