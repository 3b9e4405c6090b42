/** What is asked inside an answered call of a trunk: REFER both ways, Replaces, our own hold; and who we say that calls. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  field,
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
  sdp,
} from '../../../test/peers/raw-sip.ts';
import type { OutboundLeg, TrunkEvent } from '../../app/ports/trunk.ts';
import type { Trunk, Trunks } from './trunk.ts';
import { createTrunks } from './trunks.ts';

const sbc: Trunk = {
  ...{ name: 'sbc', kind: 'direct-routing', host: '127.0.0.1', port: 5070, protocol: 'udp' },
  ...{ media: 'rtp', allow: ['127.0.0.1'], transfer: 'refer', assertedIdentity: true },
};
const local = { address: '127.0.0.1', port: 20_000 };
const leg: OutboundLeg = {
  ...{ callId: 'call', legId: 'out', trunk: 'sbc', to: '+15551234567', from: '+18005550100' },
  headers: [{ name: 'X-Order', value: '7' }],
  local,
};
const allow = 'Allow: INVITE, ACK, BYE, CANCEL, REFER, NOTIFY, UPDATE';

let clock: ManualClock;
let net: QuietNetwork;
let trunks: Trunks;
let events: TrunkEvent[];
let peer: RawPeer;
let invite: string;
let cseq: number;
let onEvent: (event: TrunkEvent) => void;

beforeEach(async () => {
  clock = manualClock();
  net = quietNetwork();
  events = [];
  cseq = 10;
  onEvent = () => {};
  let legs = 0;
  trunks = createTrunks({
    trunks: [sbc],
    hosts: ['127.0.0.1'],
    port: 5060,
    clock: { now: () => 0, at: (due, name, fire) => clock.after(due, name, fire) },
    trace: { add: () => {} },
    newLegId: () => `in-${++legs}`,
    events: (event) => {
      events.push(event);
      onEvent(event);
    },
    timing: { t1: 200, t2: 800, t4: 2000 },
    network: net.network,
    failed: (error) => {
      throw error;
    },
  });
  const at = { host: '127.0.0.1', port: await trunks.start() };
  peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
  await net.quiet();
});
afterEach(() => trunks.stop(0));

async function placed(headers: readonly string[] = [allow], change: Partial<OutboundLeg> = {}) {
  trunks.port.invite({ ...leg, ...change });
  await net.quiet();
  invite = peer.last('INVITE');
  const contact = `Contact: <sip:peer@127.0.0.1:${peer.local.port}>`;
  peer.answer(invite, '200 OK', { tag: 'p', body: sdp, headers: [contact, ...headers] });
  await net.quiet();
}

async function inside(method: string, extra: readonly string[] = [], body?: string): Promise<string> {
  const toTag = /tag=(\S+)/.exec(field(invite, 'From'))?.[1] ?? '';
  const request = peer.request({
    ...{ method, callId: field(invite, 'Call-ID'), fromTag: 'p', toTag, cseq: ++cseq, extra },
    ...(body === undefined ? {} : { body }),
  });
  await net.quiet();
  return request;
}

async function answer(start: string, status: string, body?: string): Promise<void> {
  peer.answer(peer.last(start), status, body === undefined ? {} : { body });
  await net.quiet();
}

const notify = (state: string, status: string): Promise<string> =>
  inside('NOTIFY', ['Event: refer', `Subscription-State: ${state}`], `SIP/2.0 ${status}\r\n`);
const last = (): TrunkEvent | undefined => events.at(-1);
const steps = (): readonly unknown[] =>
  events.flatMap((event) => (event.kind === 'refer' ? [event.told] : []));

describe('a REFER of ours', () => {
  it('goes to phones that say they take it, on trunks that are set so', async () => {
    await placed();
    await placed(['Allow: INVITE, BYE'], { legId: 'two' });
    await trunks.use([{ ...sbc, transfer: 'bridge' }]);
    await placed([allow], { legId: 'three' });
    const takes = events.flatMap((event) => (event.kind === 'answered' ? [event.refers] : []));
    assert.deepEqual(takes, [true, undefined, undefined]);
  });

  it('names the target at the trunk, with headers for its INVITE escaped into the URI, and tells what comes of it', async () => {
    await placed();
    const headers = [
      { name: 'User-To-User', value: '56a3;encoding=hex' },
      { name: 'X-MS-Custom-Who', value: 'Ada & "Bob" <x>\r\n' },
    ];
    trunks.port.refer('out', '+15557654321', headers);
    await net.quiet();
    assert.equal(
      field(peer.last('REFER'), 'Refer-To'),
      '<sip:+15557654321@127.0.0.1:5070?User-To-User=56a3%3Bencoding%3Dhex&X-MS-Custom-Who=Ada%20%26%20%22Bob%22%20%3Cx%3E%0D%0A>',
    );
    await answer('REFER', '202 Accepted');
    await notify('active', '180 Ringing');
    await notify('terminated;reason=noresource', '486 Busy Here');
    assert.deepEqual(steps(), [
      { step: 'progress', sip: { code: 180, message: 'Ringing' } },
      { step: 'done', sip: { code: 486, message: 'Busy Here' } },
    ]);
  });

  it('that is refused is told with the status of the phone', async () => {
    await placed();
    trunks.port.refer('out', '+15557654321', []);
    await net.quiet();
    await answer('REFER', '603 Decline');
    assert.deepEqual(steps(), [{ step: 'refused', sip: { code: 603, message: 'Decline' } }]);
  });

  it('that meets a phone which knows the call no longer says so, before the call ends with it', async () => {
    await placed();
    trunks.port.refer('out', '+15557654321', []);
    await net.quiet();
    await answer('REFER', '481 Call/Transaction Does Not Exist');
    assert.deepEqual(
      events.slice(-2).map((event) => (event.kind === 'refer' ? event.told.sip.code : event.kind)),
      [481, 'ended'],
    );
  });
});

describe('a REFER of the far end', () => {
  const refer = (to: string, extra: readonly string[] = []): Promise<string> =>
    inside('REFER', [`Refer-To: ${to}`, ...extra]);
  const referred = (): TrunkEvent | undefined => events.find(({ kind }) => kind === 'referred');
  const fragments = (): readonly string[] =>
    peer.heard.filter((text) => text.startsWith('NOTIFY')).map((text) => text.split('\r\n\r\n')[1]!.trim());

  it('is accepted, asked of the desk and told what became of it', async () => {
    await placed();
    await refer('<sip:+15557654321@127.0.0.1?X-Order=a%20b&Subject=no>', ['X-Case: 9', 'x-order: other']);
    assert.ok(peer.lines.includes('202 REFER'));
    assert.deepEqual(referred(), {
      ...{ kind: 'referred', legId: 'out', to: '+15557654321' },
      headers: [
        { name: 'X-Order', value: 'a b' },
        { name: 'X-Case', value: '9' },
      ],
    });
    assert.deepEqual(fragments(), ['SIP/2.0 100 Trying']);
    await answer('NOTIFY', '200 OK');
    trunks.port.notify('out', 180);
    await net.quiet();
    await answer('NOTIFY', '200 OK');
    trunks.port.notify('out', 404);
    await net.quiet();
    assert.deepEqual(fragments().slice(1), ['SIP/2.0 180 Ringing', 'SIP/2.0 404 Not Found']);
    assert.match(field(peer.last('NOTIFY'), 'Subscription-State'), /^terminated/);
    trunks.port.notify('out', 200);
    await net.quiet();
    assert.equal(fragments().length, 3, 'nothing is told after the last word');
  });

  it('can be answered at once: the last word comes after the 202', async () => {
    onEvent = (event) => {
      if (event.kind === 'referred') trunks.port.notify(event.legId, 603);
    };
    await placed();
    await refer('<sip:+15557654321@127.0.0.1>');
    peer.answer(peer.last('NOTIFY'), '200 OK');
    await net.quiet();
    assert.deepEqual(fragments(), ['SIP/2.0 100 Trying', 'SIP/2.0 603 Decline']);
  });

  it('with a dialog of others to replace passes it on to the INVITE of the new leg', async () => {
    await placed();
    await refer('<sip:+15557654321@127.0.0.1?Replaces=c%40h%3Bto-tag%3Dt%3Bfrom-tag%3Df>');
    const event = referred();
    assert.ok(event?.kind === 'referred');
    assert.deepEqual(event.headers, [{ name: 'Replaces', value: 'c@h;to-tag=t;from-tag=f' }]);
    trunks.port.invite({ ...leg, legId: 'new', headers: event.headers });
    await net.quiet();
    assert.equal(field(peer.last('INVITE'), 'Replaces'), 'c@h;to-tag=t;from-tag=f');
  });

  it('that joins two calls of one trunk says so; of two trunks it is declined, as where the trunk is set so', async () => {
    await placed();
    const toTag = /tag=(\S+)/.exec(field(invite, 'From'))?.[1];
    const dialog = encodeURIComponent(`${field(invite, 'Call-ID')};to-tag=${toTag};from-tag=p`);
    await refer(`<sip:+18005550100@127.0.0.1?Replaces=${dialog}>`);
    const event = referred();
    assert.equal(event?.kind === 'referred' && event.joins, true);
    const renamed: Trunk = { ...sbc, name: 'renamed' };
    await trunks.use([renamed]);
    await placed([allow], { legId: 'other', trunk: 'renamed' });
    await refer(`<sip:+18005550100@127.0.0.1?Replaces=${dialog}>`);
    assert.equal(peer.lines.at(-1), '603 REFER');
    await trunks.use([{ ...sbc, transfer: 'none' }]);
    await placed([allow], { legId: 'two' });
    await refer('<sip:+15557654321@127.0.0.1>');
    assert.equal(peer.lines.at(-1), '603 REFER');
    assert.equal(events.filter(({ kind }) => kind === 'referred').length, 1);
  });

  it('is refused where another waits, and where it names nobody', async () => {
    await placed();
    await refer('<urn:service:sos>');
    assert.equal(peer.lines.at(-1), '416 REFER');
    await refer('<sip:+15557654321@127.0.0.1>');
    await refer('<sip:+15557654322@127.0.0.1>');
    assert.ok(peer.lines.includes('491 REFER'));
  });
});

it('an INVITE that replaces a leg arrives with the leg that it replaces', async () => {
  await placed();
  const toTag = /tag=(\S+)/.exec(field(invite, 'From'))?.[1];
  peer.request({
    extra: [`Replaces: ${field(invite, 'Call-ID')};to-tag=${toTag};from-tag=p`],
    body: sdp,
  });
  await net.quiet();
  const event = last();
  assert.equal(event?.kind === 'arrived' && event.replaces, 'out');
});

describe('our own hold', () => {
  const described = (start: string): string =>
    /^a=(sendonly|sendrecv|inactive|recvonly)\r$/m.exec(peer.last(start))?.[1] ?? '';
  const theirs = (direction: string): string => sdp.replace('a=rtpmap', `a=${direction}\r\na=rtpmap`);

  it('offers sendonly by UPDATE, tells when it is in force, and is taken back', async () => {
    await placed();
    trunks.port.hold('out');
    await net.quiet();
    assert.equal(described('UPDATE'), 'sendonly');
    assert.match(peer.last('UPDATE'), /^o=- \d+ 2 IN/m, 'the version of the description grows');
    await answer('UPDATE', '200 OK', theirs('recvonly'));
    assert.deepEqual(last(), { kind: 'hold', legId: 'out', held: true });
    const changed = events.at(-2);
    assert.equal(changed?.kind === 'media-changed' && changed.remote.direction, 'recvonly');
    trunks.port.resume('out');
    await net.quiet();
    assert.equal(described('UPDATE'), 'sendrecv');
    await answer('UPDATE', '200 OK', sdp);
    assert.deepEqual(last(), { kind: 'hold', legId: 'out', held: false });
  });

  it('of a phone that holds us is inactive, by re-INVITE where the phone takes no UPDATE', async () => {
    await placed(['Allow: INVITE, BYE']);
    await inside('INVITE', [], theirs('sendonly'));
    cseq -= 1;
    await inside('ACK');
    trunks.port.hold('out');
    await net.quiet();
    assert.equal(described('INVITE'), 'inactive');
    await answer('INVITE', '200 OK', theirs('inactive'));
    assert.deepEqual(last(), { kind: 'hold', legId: 'out', held: true });
    assert.equal(peer.lines.at(-1), 'ACK');
  });

  it('that is refused leaves the session as it was', async () => {
    await placed();
    trunks.port.hold('out');
    await net.quiet();
    await answer('UPDATE', '488 Not Acceptable Here');
    const sip = { code: 488, message: 'Not Acceptable Here' };
    assert.deepEqual(last(), { kind: 'hold-refused', legId: 'out', held: true, sip });
    await inside('UPDATE', [], sdp);
    assert.equal(described('SIP/2.0 200'), 'sendrecv');
  });

  it('meets an offer of the far end halfway: it is made again after the glare', async () => {
    await placed();
    trunks.port.hold('out');
    await net.quiet();
    await answer('UPDATE', '491 Request Pending');
    clock.advance(4001);
    await net.quiet();
    assert.equal(peer.lines.filter((line) => line === 'UPDATE').length, 2);
    await answer('UPDATE', '200 OK', theirs('recvonly'));
    assert.deepEqual(last(), { kind: 'hold', legId: 'out', held: true });
  });
});

describe('who we say that calls', () => {
  it('is asserted towards a trunk that trusts us, with the headers of the application', async () => {
    await placed();
    assert.equal(field(invite, 'P-Asserted-Identity'), '<sip:+18005550100@127.0.0.1>');
    assert.equal(field(invite, 'X-Order'), '7');
    assert.equal(field(invite, 'Privacy'), '');
    await trunks.use([{ ...sbc, assertedIdentity: false }]);
    await placed([allow], { legId: 'two' });
    assert.equal(field(invite, 'P-Asserted-Identity'), '');
  });

  it('is nobody for a caller without a number', async () => {
    await placed([allow], { from: 'anonymous' });
    assert.match(field(invite, 'From'), /^<sip:anonymous@anonymous\.invalid>/);
    assert.equal(field(invite, 'Privacy'), 'id');
    assert.equal(field(invite, 'P-Asserted-Identity'), '');
  });
});
