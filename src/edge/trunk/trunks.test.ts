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
  tagOf,
} from '../../../test/peers/raw-sip.ts';
import type { Trace } from '../../app/ports/trace.ts';
import type { TrunkEvent } from '../../app/ports/trunk.ts';
import type { Trunk, Trunks } from './trunk.ts';
import { createTrunks } from './trunks.ts';

const t1 = 200;
const carrier: Trunk = {
  ...{ name: 'carrier', kind: 'carrier', host: '127.0.0.1', port: 5070, protocol: 'udp' },
  ...{ media: 'rtp', allow: ['127.0.0.1'] },
};
const silent: Trunk = { ...carrier, name: 'silent', host: '10.0.0.2', media: 'none', allow: ['10.0.0.0/24'] };
const local = { address: '127.0.0.1', port: 20_000 };
const leg = {
  callId: 'call',
  legId: 'out',
  trunk: 'carrier',
  to: '+15551234567',
  from: '+18005550100',
  headers: [],
  local,
};

let clock: ManualClock;
let net: QuietNetwork;
let trunks: Trunks;
let events: TrunkEvent[];
let traces: Trace[];
let peer: RawPeer;

beforeEach(async () => {
  clock = manualClock();
  net = quietNetwork();
  events = [];
  traces = [];
  let legs = 0;
  trunks = createTrunks({
    trunks: [carrier, silent],
    hosts: ['127.0.0.1'],
    port: 5060,
    clock: { now: () => 0, at: (due, name, fire) => clock.after(due, name, fire) },
    trace: { add: (trace) => traces.push(trace) },
    newLegId: () => `in-${++legs}`,
    events: (event) => events.push(event),
    timing: { t1, t2: 4 * t1, t4: 10 * t1 },
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

function last(): TrunkEvent | undefined {
  return events.at(-1);
}

async function invited(): Promise<string> {
  trunks.port.invite(leg);
  await net.quiet();
  return peer.last('INVITE');
}

describe('an outbound leg', () => {
  it('calls the number at the trunk from the number, and offers its media address', async () => {
    const invite = await invited();
    assert.equal(invite.split('\r\n')[0], 'INVITE sip:+15551234567@127.0.0.1:5070 SIP/2.0');
    assert.match(field(invite, 'From'), /^<sip:\+18005550100@127\.0\.0\.1>;tag=/);
    assert.match(invite, /^m=audio 20000 RTP\/AVP 0 8 101\r$/m);
  });

  it('rings, is answered with the far end’s media, is put on hold and hung up with its cause', async () => {
    const invite = await invited();
    peer.answer(invite, '180 Ringing', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(last(), { kind: 'ringing', legId: 'out', sip: { code: 180, message: 'Ringing' } });
    peer.answer(invite, '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    const remote = {
      ...{ address: '127.0.0.1', port: 40_000, codec: 'PCMU', payloadType: 0, telephoneEvent: 101 },
      direction: 'sendrecv',
    };
    assert.deepEqual(last(), { kind: 'answered', legId: 'out', remote });
    const inside = { callId: field(invite, 'Call-ID'), toTag: /tag=(\S+)/.exec(field(invite, 'From'))![1]! };
    // The peer's From tag is what it answered with.
    const say = (text: string): void => peer.say(text.replaceAll(';tag=raw', ';tag=p'));
    const hold = peer.request({
      ...inside,
      branch: 'z9hG4bKh',
      cseq: 9,
      body: sdp.replace('a=rtpmap', 'a=sendonly\r\na=rtpmap'),
    });
    await net.quiet();
    assert.ok(peer.lines.includes('481 INVITE'), 'a request of another fork is of no call');
    say(hold.replace('z9hG4bKh', 'z9hG4bKi'));
    await net.quiet();
    assert.deepEqual(last(), {
      kind: 'media-changed',
      legId: 'out',
      remote: { ...remote, direction: 'sendonly' },
    });
    assert.match(peer.last('SIP/2.0 200'), /^a=recvonly\r$/m);
    say(
      hold
        .replaceAll('INVITE', 'BYE')
        .replace('CSeq: 9', 'CSeq: 10')
        .replace('z9hG4bKh', 'z9hG4bKj')
        .replace('Max-', 'Reason: Q.850;cause=16;text="bye"\r\nMax-'),
    );
    await net.quiet();
    const q850 = { code: 16, message: 'bye' };
    assert.deepEqual(last(), { kind: 'ended', legId: 'out', end: { how: 'hung-up', q850 } });
  });

  it('reports the final response of the carrier word for word, with its cause', async () => {
    peer.answer(await invited(), '486 Besetzt', { tag: 'p', headers: ['Reason: Q.850;cause=17'] });
    await net.quiet();
    const q850 = { code: 17, message: '' };
    assert.deepEqual(last(), {
      kind: 'ended',
      legId: 'out',
      end: { how: 'final', sip: { code: 486, message: 'Besetzt' }, q850 },
    });
  });

  it('tells a 408 of the carrier from its own time-out', async () => {
    peer.answer(await invited(), '408 Request Timeout', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(last(), {
      kind: 'ended',
      legId: 'out',
      end: { how: 'final', sip: { code: 408, message: 'Request Timeout' } },
    });
    trunks.port.invite({ ...leg, legId: 'two' });
    await net.quiet();
    clock.advance(64 * t1);
    assert.deepEqual(last(), { kind: 'ended', legId: 'two', end: { how: 'no-reply' } });
  });

  it('is cancelled', async () => {
    const invite = await invited();
    peer.answer(invite, '180 Ringing', { tag: 'p' });
    await net.quiet();
    trunks.port.cancel('out');
    await net.quiet();
    peer.answer(invite, '487 Request Terminated', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(last(), { kind: 'ended', legId: 'out', end: { how: 'cancel-confirmed' } });
  });

  it('that is answered without usable audio is hung up', async () => {
    peer.answer(await invited(), '200 OK', { tag: 'p', body: sdp.replace('AVP 0', 'AVP 18') });
    await net.quiet();
    assert.deepEqual(last(), {
      kind: 'ended',
      legId: 'out',
      end: { how: 'unusable-media', why: 'neither PCMU nor PCMA' },
    });
    // A health check may come between.
    assert.deepEqual(peer.lines.filter((line) => line !== 'OPTIONS').slice(-2), ['ACK', 'BYE']);
    assert.equal(events.length, 1);
  });

  it('is unreachable where nobody listens, and on a trunk that does not exist', async () => {
    trunks.port.invite({ ...leg, trunk: 'nowhere' });
    await net.quiet();
    assert.deepEqual(last(), {
      kind: 'ended',
      legId: 'out',
      end: { how: 'unreachable', why: 'there is no trunk nowhere' },
    });
  });

  it('hung up by the desk tells nothing more', async () => {
    peer.answer(await invited(), '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    trunks.port.hangUp('out');
    await net.quiet();
    assert.equal(last()?.kind, 'answered');
    assert.equal(peer.lines.at(-1), 'BYE');
    assert.equal(trunks.status().trunks[0]?.legs, 0);
  });

  it('without media offers port 9 and is answered without media', async () => {
    const quietPeer = await RawPeer.open(net.network, () => ({ host: '127.0.0.1', port: 5060 }), {
      host: '10.0.0.2',
      port: 5070,
    });
    const { local: _, ...noMedia } = leg;
    trunks.port.invite({ ...noMedia, trunk: 'silent' });
    await net.quiet();
    const invite = quietPeer.last('INVITE');
    assert.match(invite, /^m=audio 9 .*\r$/m);
    assert.match(invite, /^a=inactive\r$/m);
    quietPeer.answer(invite, '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    assert.deepEqual(last(), { kind: 'answered', legId: 'out' });
  });

  it('leaves a trace of every message', async () => {
    peer.answer(await invited(), '486 Busy Here', { tag: 'p' });
    await net.quiet();
    const seen = traces.map(
      (trace) => trace.kind === 'sip' && [trace.legId, trace.direction, trace.message.split(' ')[0]],
    );
    assert.deepEqual(seen, [
      ['out', 'out', 'INVITE'],
      ['out', 'in', 'SIP/2.0'],
      ['out', 'out', 'ACK'],
    ]);
  });
});

describe('an inbound leg', () => {
  it('arrives with caller, callee, media and the headers of applications', async () => {
    peer.request({
      from: '"Ada" <sip:+15550001111@carrier>',
      uri: 'sip:18005550100@127.0.0.1',
      extra: ['User-To-User: abc', 'X-Case: 7', 'Subject: no'],
      body: sdp,
    });
    await net.quiet();
    const [event] = events;
    assert.ok(event?.kind === 'arrived');
    const { remote, ...rest } = event;
    assert.equal(remote?.port, 40_000);
    assert.deepEqual(rest, {
      ...{ kind: 'arrived', legId: 'in-1', trunk: 'carrier', from: '+15550001111', displayName: 'Ada' },
      ...{ to: '+18005550100' },
      headers: [
        { name: 'User-To-User', value: 'abc' },
        { name: 'X-Case', value: '7' },
      ],
    });
    assert.deepEqual(peer.lines.slice(1), ['100 INVITE']);
  });

  it('rings, is accepted and acknowledged, and hung up by the caller', async () => {
    peer.request({ callId: 'i', body: sdp });
    await net.quiet();
    trunks.port.ring('in-1');
    trunks.port.accept('in-1', local);
    await net.quiet();
    const toTag = tagOf(peer.last('SIP/2.0 200'));
    assert.match(peer.last('SIP/2.0 200'), /^m=audio 20000 RTP\/AVP 0 101\r$/m);
    peer.request({ method: 'ACK', callId: 'i', toTag });
    await net.quiet();
    assert.equal(last()?.kind, 'answered');
    peer.request({ method: 'BYE', callId: 'i', toTag, cseq: 2 });
    await net.quiet();
    assert.deepEqual(last(), { kind: 'ended', legId: 'in-1', end: { how: 'hung-up' } });
  });

  it('without SDP gets our offer, and the ACK its answer', async () => {
    peer.request({ callId: 'o' });
    await net.quiet();
    trunks.port.accept('in-1', local);
    await net.quiet();
    const toTag = tagOf(peer.last('SIP/2.0 200'));
    peer.request({ method: 'ACK', callId: 'o', toTag, body: sdp.replace('40000', '41000') });
    await net.quiet();
    const event = last();
    assert.ok(event?.kind === 'answered');
    assert.equal(event.remote?.port, 41_000);
  });

  it('whose caller gives up is cancelled, and one that is never acknowledged says so', async () => {
    const invite = peer.request({ body: sdp });
    await net.quiet();
    peer.say(invite.replaceAll('INVITE', 'CANCEL').replace('Max-', 'Reason: Q.850;cause=16\r\nMax-'));
    await net.quiet();
    assert.deepEqual(last(), {
      kind: 'ended',
      legId: 'in-1',
      end: { how: 'cancelled', q850: { code: 16, message: '' } },
    });
    peer.request({ body: sdp });
    await net.quiet();
    trunks.port.accept('in-2', local);
    await net.quiet();
    clock.advance(64 * t1);
    assert.deepEqual(last(), { kind: 'ended', legId: 'in-2', end: { how: 'not-acknowledged' } });
  });

  it('is refused with the status of the desk', async () => {
    peer.request({ body: sdp });
    await net.quiet();
    trunks.port.refuse('in-1', 603);
    await net.quiet();
    assert.equal(peer.lines.at(-1), '603 INVITE');
    assert.equal(last()?.kind, 'arrived');
  });

  it('without usable audio never arrives and gets 488', async () => {
    peer.request({ body: sdp.replace('AVP 0', 'AVP 18') });
    await net.quiet();
    assert.deepEqual([peer.lines.at(-1), events, trunks.status().unusableOffers], ['488 INVITE', [], 1]);
  });

  it('shows what the network asserts, and nobody where privacy is asked for', async () => {
    const callers: readonly (readonly string[])[] = [
      ['P-Asserted-Identity: "A, B" <sip:+15550002222@x>, <tel:+1>'],
      ['P-Asserted-Identity: <tel:+15550002222>', 'Privacy: id'],
    ];
    for (const extra of callers)
      peer.request({ from: '<sip:anonymous@anonymous.invalid>', extra, body: sdp });
    peer.request({ from: '<tel:5551234;phone-context=+1>', body: sdp });
    await net.quiet();
    assert.deepEqual(
      events.map((event) => event.kind === 'arrived' && event.from),
      ['+15550002222', 'anonymous', '+15551234'],
    );
  });

  it('from a source on no list is refused with 403 and counted', async () => {
    const stranger = await RawPeer.open(net.network, () => ({ host: '127.0.0.1', port: 5060 }), {
      host: '192.0.2.1',
      port: 5070,
    });
    stranger.request({ body: sdp });
    stranger.request({ method: 'OPTIONS' });
    await net.quiet();
    assert.deepEqual(
      [stranger.lines, events, trunks.status().refusedSources],
      [['403 INVITE', '403 OPTIONS'], [], 2],
    );
  });
});

describe('the health of a trunk', () => {
  it('is what the last OPTIONS brought', async () => {
    const state = (): unknown => trunks.status().trunks[0]?.state;
    assert.equal(state(), 'unknown');
    peer.answer(peer.last('OPTIONS'), '404 Not Found', { tag: 'p' });
    await net.quiet();
    assert.equal(state(), 'up');
    clock.advance(30_000);
    await net.quiet();
    peer.answer(peer.last('OPTIONS'), '503 Service Unavailable', { tag: 'p' });
    await net.quiet();
    assert.deepEqual([state(), trunks.status().trunks[0]?.why], ['down', '503 Service Unavailable']);
    clock.advance(30_000);
    clock.advance(64 * t1);
    assert.deepEqual([state(), trunks.status().trunks[0]?.why], ['down', 'no reply to OPTIONS']);
  });
});
