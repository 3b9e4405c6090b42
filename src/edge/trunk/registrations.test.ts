/** Registrations with carriers while the configuration changes: over the in-memory network, on a clock that stands still. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  field,
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
} from '../../../test/peers/raw-sip.ts';
import type { Trunk, TrunkStatus, Trunks } from './trunk.ts';
import { createTrunks } from './trunks.ts';

const carrier: Trunk = {
  ...{ name: 'carrier', kind: 'carrier', host: '127.0.0.1', port: 5070, protocol: 'udp' },
  ...{ media: 'rtp', allow: [], credentials: { user: 'acme', password: 'one' } },
  register: { aor: 'sip:acme@carrier.example', expiresSeconds: 600 },
};

let net: QuietNetwork;
let clock: ManualClock;
let trunks: Trunks;
let registrar: RawPeer;
beforeEach(async () => {
  net = quietNetwork();
  clock = manualClock();
  trunks = createTrunks({
    trunks: [carrier],
    hosts: ['127.0.0.1'],
    port: 5060,
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
  registrar = await RawPeer.open(net.network, () => ({ host: '127.0.0.1', port: 5060 }), {
    host: '127.0.0.1',
    port: 5070,
  });
  await trunks.start();
  await net.quiet();
});
afterEach(() => trunks.stop(0));

const use = async (trunk: Trunk): Promise<void> => {
  await trunks.use([trunk]);
  await net.quiet();
};
const answer = async (line: string): Promise<void> => {
  registrar.answer(registrar.last('REGISTER'), line, { tag: 'r', headers: [] });
  await net.quiet();
};
const asked = (): readonly string[] =>
  registrar.heard.filter((text) => text.startsWith('REGISTER')).map((text) => field(text, 'Expires'));
const status = (): Pick<TrunkStatus, 'registered' | 'registration'> => {
  const { registered, registration } = trunks.status().trunks[0] ?? assert.fail('no trunk');
  return {
    ...(registered === undefined ? {} : { registered }),
    ...(registration === undefined ? {} : { registration }),
  };
};

describe('the registration with a trunk', () => {
  it('says how it stands, and that the password is wrong when the registrar says so', async () => {
    assert.deepEqual(status(), { registered: false, registration: 'registering' });
    await answer('403 Forbidden');
    assert.equal(status().registered, false);
    assert.match(
      status().registration ?? '',
      /^not registered: 403 Forbidden, so user or password is wrong; tried again in \d+ s$/,
    );
    clock.advance(30_000);
    await net.quiet();
    await answer('503 Overloaded');
    assert.match(status().registration ?? '', /^not registered: 503 Overloaded; tried again in \d+ s$/);
    clock.advance(60_000);
    await net.quiet();
    await answer('200 OK');
    assert.deepEqual(status(), { registered: true, registration: 'registered for 600 s' });
  });

  it('is taken back before another takes its place, which would else be taken back by it', async () => {
    await answer('200 OK');
    await use({ ...carrier, credentials: { user: 'acme', password: 'two' } });
    assert.deepEqual(asked(), ['600', '0']);
    assert.deepEqual(status(), { registered: false, registration: 'registering' });
    await answer('200 OK');
    assert.deepEqual(asked(), ['600', '0', '600']);
    await answer('200 OK');
    assert.equal(status().registered, true);
  });

  it('stays as it is while only other settings of the trunk change', async () => {
    await answer('200 OK');
    await use({ ...carrier, media: 'none', session: { min: 90, off: true } });
    assert.deepEqual(asked(), ['600']);
    assert.equal(status().registered, true);
  });

  it('is taken back for good when the trunk wants none', async () => {
    await answer('200 OK');
    const { register: _unwanted, ...silent } = carrier;
    await use(silent);
    await answer('200 OK');
    assert.deepEqual(asked(), ['600', '0']);
    assert.deepEqual(status(), {});
  });
});
