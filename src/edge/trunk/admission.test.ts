import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type ManualClock, manualClock, until } from '../../../test/peers/raw-sip.ts';
import type { SrvRecord } from '../../wire/sip/srv.ts';
import type { Target } from '../sip/api.ts';
import { memoryNetwork } from '../sip/network-memory.ts';
import { Admission } from './admission.ts';
import type { Trunk } from './trunk.ts';

const named: Trunk = {
  ...{ name: 'named', kind: 'carrier', host: 'sip.example', port: 5060, protocol: 'udp' },
  ...{ media: 'rtp', allow: [] },
};
const everyMs = 30_000;

let names: Record<string, readonly string[]>;
let records: readonly SrvRecord[];
let legs: string[];
let moved: string[];
let troubles: string[];
let clock: ManualClock;
let admission: Admission;
beforeEach(() => {
  names = { 'sip.example': ['192.0.2.1'] };
  records = [];
  legs = [];
  moved = [];
  troubles = [];
  clock = manualClock();
  admission = new Admission({
    network: memoryNetwork({
      get names() {
        return names;
      },
      services: (name) => (name === '_sip._udp.sip.example' ? records : []),
    }),
    clock: { now: () => 0, at: (due, name, fire) => clock.after(due, name, fire) },
    everyMs,
    legs: () => legs,
    moved: (found) => moved.push(...found),
    failed: (error) => troubles.push(error instanceof Error ? error.message : String(error)),
  });
});

const use = async (...trunks: readonly Trunk[]): Promise<void> =>
  void admission.use(await admission.find(trunks));
const at = (host: string, protocol: Target['protocol'] = 'udp'): Target => ({ host, port: 5060, protocol });
const admitted = (host: string): boolean => admission.admit(at(host)) === true;
const takenBy = (host: string): string | undefined =>
  admission.sources.trunkOf({ source: at(host), invite: { headers: [] } })?.name;
const look = (host: string): Promise<void> => {
  clock.advance(everyMs);
  return until(() => (admitted(host) ? undefined : `${host} is not let in`));
};

describe('a trunk without a list of sources', () => {
  it('is let in from every address of its name, and from those of its servers where it has SRV records', async () => {
    names = {
      'sip.example': ['192.0.2.1', '2001:db8::1'],
      'a.example': ['192.0.2.7'],
      'b.example': ['192.0.2.8'],
    };
    await use(named);
    assert.deepEqual(['192.0.2.1', '2001:db8::1', '192.0.2.7'].map(admitted), [true, true, false]);
    records = ['a.example', 'b.example'].map((name) => ({ name, port: 5060, priority: 1, weight: 1 }));
    await use({ ...named, srv: true });
    assert.deepEqual(['192.0.2.1', '192.0.2.7', '192.0.2.8'].map(admitted), [false, true, true]);
    assert.equal(admission.refused, 2);
  });

  it('is followed to where its name leads, which is told', async () => {
    await use(named);
    names = { 'sip.example': ['192.0.2.9'] };
    assert.equal(admitted('192.0.2.9'), false);
    await look('192.0.2.9');
    assert.equal(admitted('192.0.2.1'), false);
    assert.deepEqual(moved, ['named']);
    clock.advance(everyMs);
    assert.equal(clock.armed, 0, 'nothing more is looked at before that look is over');
  });

  it('keeps its last address while nobody knows its name, which is told when it never had one', async () => {
    names = {};
    await use(named);
    assert.deepEqual(troubles, ['trunk named: sip.example has no address, so no call is taken from it']);
    names = { 'sip.example': ['192.0.2.1'] };
    await look('192.0.2.1');
    names = {};
    clock.advance(everyMs);
    await until(() => (clock.armed > 0 ? undefined : 'looking'));
    assert.equal(admitted('192.0.2.1'), true);
    assert.equal(troubles.length, 1);
  });

  it('is heard at its last address as long as a call from there is alive', async () => {
    await use(named);
    legs = ['one', 'two'];
    names = { 'sip.example': ['192.0.2.9'] };
    await look('192.0.2.9');
    assert.equal(admitted('192.0.2.1'), true);
    assert.equal(takenBy('192.0.2.1'), undefined, 'but makes no new ones');
    admission.ended('one');
    assert.equal(admitted('192.0.2.1'), true);
    admission.ended('two');
    assert.equal(admitted('192.0.2.1'), false);
  });

  it('is told that its calls count as those of another, where both names stand for one address', async () => {
    names = { 'sip.example': ['192.0.2.1'], 'other.example': ['192.0.2.1'] };
    const other = { ...named, name: 'other', host: 'other.example' };
    await use(named, other);
    assert.deepEqual(admission.notesOn('named'), []);
    assert.deepEqual(admission.notesOn('other'), [
      'calls from 192.0.2.1 count as those of named, which is there too',
    ]);
    await use(named, { ...other, port: 5080 });
    assert.deepEqual(admission.notesOn('other'), []);
  });
});

describe('a trunk that takes no calls', () => {
  it('is let in, because of the calls that it gets, and is nobody to take one from', async () => {
    await use({ ...named, allow: 'none' });
    assert.equal(admitted('192.0.2.1'), true);
    assert.equal(takenBy('192.0.2.1'), undefined);
    await use({ ...named, allow: 'none' }, { ...named, name: 'caller', port: 5080, allow: ['192.0.2.0/24'] });
    assert.equal(takenBy('192.0.2.1'), 'caller');
  });
});

describe('trunks that share an address', () => {
  it('are told apart by port, then by protocol', async () => {
    const udp: Trunk = { ...named, allow: ['192.0.2.1'] };
    await use(udp, { ...udp, name: 'tcp', protocol: 'tcp' }, { ...udp, name: 'far', port: 5080 });
    assert.equal(admission.sources.trunkAt(at('192.0.2.1'))?.name, 'named');
    assert.equal(admission.sources.trunkAt(at('192.0.2.1', 'tcp'))?.name, 'tcp');
    assert.equal(admission.sources.trunkAt({ ...at('192.0.2.1', 'tcp'), port: 5080 })?.name, 'far');
  });

  it('are all told of a TLS connection that was refused, until one gets through', async () => {
    const tls: Trunk = { ...named, protocol: 'tls', allow: ['192.0.2.1'] };
    await use(tls, { ...tls, name: 'second', port: 5080 }, { ...named, name: 'udp', allow: ['192.0.2.1'] });
    admission.tlsRefused('192.0.2.1', 'its certificate has expired');
    const noted = (): readonly number[] =>
      ['named', 'second', 'udp'].map((name) => admission.notesOn(name).length);
    assert.deepEqual(noted(), [1, 1, 0]);
    admission.admit(at('192.0.2.1', 'tls'));
    assert.deepEqual(noted(), [0, 0, 0]);
  });
});
