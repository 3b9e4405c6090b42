/** Trunks of `media: srtp` and of `ice: true`: what is offered, what is answered, and what is refused. */
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
import type { LocalMedia, TrunkEvent } from '../../app/ports/trunk.ts';
import type { Trunk, Trunks } from './trunk.ts';
import { createTrunks } from './trunks.ts';

const [ownKey, ownShort, theirKey, newKey] = ['A', 'B', 'C', 'D'].map((letter) => letter.repeat(40));
const local: LocalMedia = {
  address: '127.0.0.1',
  port: 20_000,
  keys: {
    AES_CM_128_HMAC_SHA1_80: ownKey!,
    AES_CM_128_HMAC_SHA1_32: ownShort!,
    AES_256_CM_HMAC_SHA1_80: 'E'.repeat(62),
  },
  ice: { ufrag: 'ours', password: 'the+password+of+this+end' },
};
const leg = {
  ...{ callId: 'call', legId: 'out', to: '+15551234567', from: '+18005550100', headers: [], local },
};

const crypto = (tag: number, suite: string, key = theirKey): string =>
  `a=crypto:${tag} ${suite} inline:${key}`;
const secured = (...lines: readonly string[]): string =>
  sdp.replace('RTP/AVP', 'RTP/SAVP') + lines.map((line) => `${line}\r\n`).join('');
const ice = [
  'a=ice-ufrag:them',
  'a=ice-pwd:the+password+of+that+end',
  'a=candidate:1 1 UDP 99 192.0.2.1 40000 typ host',
];

let clock: ManualClock;
let net: QuietNetwork;
let trunks: Trunks;
let events: TrunkEvent[];
let traces: Trace[];
let peer: RawPeer;

const open = async (more: Partial<Trunk>): Promise<void> => {
  clock = manualClock();
  net = quietNetwork();
  events = [];
  traces = [];
  let legs = 0;
  trunks = createTrunks({
    trunks: [
      {
        ...{ name: 'sbc', kind: 'direct-routing', host: '127.0.0.1', port: 5070, protocol: 'udp' },
        ...{ media: 'rtp', allow: ['127.0.0.1'] },
        ...more,
      },
    ],
    hosts: ['127.0.0.1'],
    port: 5060,
    clock: { now: () => 0, at: (due, name, fire) => clock.after(due, name, fire) },
    trace: { add: (trace) => traces.push(trace) },
    newLegId: () => `in-${++legs}`,
    events: (event) => events.push(event),
    network: net.network,
    failed: (error) => {
      throw error;
    },
  });
  const at = { host: '127.0.0.1', port: await trunks.start() };
  peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
  await net.quiet();
};
afterEach(() => trunks.stop(0));

const invited = async (): Promise<string> => {
  trunks.port.invite({ ...leg, trunk: 'sbc' });
  await net.quiet();
  return peer.last('INVITE');
};
const answeredWith = async (body: string): Promise<TrunkEvent | undefined> => {
  peer.answer(await invited(), '200 OK', { tag: 'p', body });
  await net.quiet();
  return events.at(-1);
};
const refusal = async (body: string): Promise<string> => {
  peer.request({ body });
  await net.quiet();
  assert.deepEqual(events, []);
  assert.equal(trunks.status().unusableOffers, 1);
  return field(peer.last('SIP/2.0 488'), 'Warning');
};

describe('a trunk of media: srtp', () => {
  beforeEach(() => open({ media: 'srtp' }));

  it('is offered a key for each suite, and its answer decides', async () => {
    const answer = await answeredWith(secured(crypto(2, 'AES_CM_128_HMAC_SHA1_32')));
    const offer = peer.last('INVITE');
    assert.match(offer, /^m=audio 20000 RTP\/SAVP 0 8 101\r$/m);
    assert.deepEqual(
      [...offer.matchAll(/^a=crypto:(\d+ \S+)/gm)].map(([, line]) => line),
      ['1 AES_CM_128_HMAC_SHA1_80', '2 AES_CM_128_HMAC_SHA1_32', '3 AES_256_CM_HMAC_SHA1_80'],
    );
    assert.ok(answer?.kind === 'answered');
    assert.deepEqual(answer.remote?.crypto, { suite: 'AES_CM_128_HMAC_SHA1_32', key: theirKey });
  });

  for (const [what, body, why] of [
    ['in the clear', sdp, 'RTP/AVP instead of RTP/SAVP'],
    ['without a key', secured(), 'RTP/SAVP without a=crypto'],
    [
      'with a key for what was not offered',
      secured(crypto(9, 'AES_CM_128_HMAC_SHA1_80')),
      'a=crypto:9 AES_CM_128_HMAC_SHA1_80 answers nothing that we offered',
    ],
  ] as const)
    it(`that answers ${what} is hung up`, async () => {
      const end = { how: 'unusable-media', why };
      assert.deepEqual(await answeredWith(body), { kind: 'ended', legId: 'out', end });
      assert.ok(peer.last('BYE'));
    });

  it('that offers keys is answered with the tag of the one taken, and a key of ours', async () => {
    const lines = [crypto(4, 'AEAD_AES_256_GCM'), crypto(5, 'AES_CM_128_HMAC_SHA1_32')];
    peer.request({ callId: 'i', body: secured(...lines) });
    await net.quiet();
    const [event] = events;
    assert.ok(event?.kind === 'arrived');
    assert.deepEqual(event.remote?.crypto, { suite: 'AES_CM_128_HMAC_SHA1_32', key: theirKey });
    trunks.port.accept('in-1', local);
    await net.quiet();
    const ok = peer.last('SIP/2.0 200');
    assert.deepEqual(ok.match(/^a=crypto.*$/gm), [`a=crypto:5 AES_CM_128_HMAC_SHA1_32 inline:${ownShort}`]);
    assert.match(ok, /^m=audio 20000 RTP\/SAVP 0 101\r$/m);

    peer.request({ method: 'ACK', callId: 'i', toTag: tagOf(ok) });
    await net.quiet();
    const again = async (branch: string, cseq: number, key: string | undefined) => {
      const body = secured(crypto(1, 'AES_CM_128_HMAC_SHA1_32', key));
      const inside = { callId: 'i', toTag: tagOf(ok), cseq };
      peer.request({ ...inside, branch, body });
      await net.quiet();
      assert.match(field(peer.last('SIP/2.0 200'), 'CSeq'), new RegExp(`^${cseq} INVITE`));
      peer.request({ ...inside, branch: `${branch}k`, method: 'ACK' });
      await net.quiet();
      return events.at(-1);
    };
    const before = events.at(-1);
    assert.equal(await again('z9hG4bKa', 2, theirKey), before, 'the same key is no change');
    const changed = await again('z9hG4bKb', 3, newKey);
    assert.ok(changed?.kind === 'media-changed');
    assert.equal(changed.remote.crypto?.key, newKey);
  });

  it('that offers audio in the clear is refused with 488, which says why', async () => {
    assert.equal(await refusal(sdp), '399 127.0.0.1 "RTP/AVP instead of RTP/SAVP"');
  });

  it('that offers nothing for us is refused with 488, which says why line by line', async () => {
    const warning = await refusal(
      secured(crypto(1, 'F8_128_HMAC_SHA1_80'), crypto(2, 'AES_CM_128_HMAC_SHA1_80', 'AAAA')),
    );
    assert.equal(
      warning,
      '399 127.0.0.1 "a=crypto:1: F8_128_HMAC_SHA1_80 is not served; a=crypto:2: 3 octets of key and salt; AES_CM_128_HMAC_SHA1_80 has 30"',
    );
  });

  it('leaves no key in what is kept of its messages, whose length stays', async () => {
    await answeredWith(secured(crypto(1, 'AES_CM_128_HMAC_SHA1_80')));
    const texts = traces.flatMap((trace) => (trace.kind === 'sip' ? [trace.message] : []));
    assert.ok(texts.some((text) => text.length === peer.last('INVITE').length));
    for (const key of [ownKey, theirKey]) assert.ok(texts.every((text) => !text.includes(key!)));
    assert.ok(texts.some((text) => text.includes(`inline:${'x'.repeat(40)}`)));
  });
});

describe('a trunk of media: rtp', () => {
  beforeEach(() => open({}));

  it('that offers keys is refused with 488, which says why', async () => {
    const warning = await refusal(secured(crypto(1, 'AES_CM_128_HMAC_SHA1_80')));
    assert.equal(warning, '399 127.0.0.1 "RTP/SAVP instead of RTP/AVP"');
  });

  it('cannot write into our warning what is no text', async () => {
    const warning = await refusal(sdp.replace('RTP/AVP', 'RTP/"\\\u00e9'));
    assert.match(warning, /^399 127\.0\.0\.1 "RTP\/\?+ instead of RTP\/AVP"$/i);
  });

  it('is not asked for ICE, and what it says of ICE in an answer does not count', async () => {
    const answer = await answeredWith(`${sdp}${ice.join('\r\n')}\r\n`);
    assert.doesNotMatch(peer.last('INVITE'), /a=ice|a=candidate/);
    assert.ok(answer?.kind === 'answered' && answer.remote?.ice === undefined);
  });

  it('that asks for ICE is answered with it', async () => {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '';
    peer.request({ body: `${sdp}${ice.join('\r\n').replace('192.0.2.1', address)}\r\n` });
    await net.quiet();
    const [event] = events;
    assert.ok(event?.kind === 'arrived');
    assert.equal(event.remote?.ice?.ufrag, 'them');
    trunks.port.accept('in-1', local);
    await net.quiet();
    const lines = peer.last('SIP/2.0 200').match(/^a=(?:ice|candidate).*$/gm);
    assert.deepEqual(lines, [
      'a=ice-lite',
      'a=ice-ufrag:ours',
      'a=ice-pwd:the+password+of+this+end',
      'a=candidate:1 1 UDP 2130706431 127.0.0.1 20000 typ host',
    ]);
  });

  it('that asks for ICE and is lite is answered by one that checks', async () => {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '';
    const text = sdp.replace('t=0 0', 't=0 0\r\na=ice-lite');
    peer.request({ body: `${text}${ice.join('\r\n').replace('192.0.2.1', address)}\r\n` });
    await net.quiet();
    trunks.port.accept('in-1', local);
    await net.quiet();
    assert.match(peer.last('SIP/2.0 200'), /^a=ice-ufrag:ours\r$/m);
    assert.doesNotMatch(peer.last('SIP/2.0 200'), /a=ice-lite/);
  });
});

it('a trunk of ice: true is asked for ICE, and its answer counts', async () => {
  await open({ ice: true });
  const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '';
  const answer = await answeredWith(`${sdp}${ice.join('\r\n').replace('192.0.2.1', address)}\r\n`);
  assert.match(peer.last('INVITE'), /^a=ice-ufrag:ours\r$/m);
  assert.ok(answer?.kind === 'answered');
  assert.deepEqual(answer.remote?.ice?.candidates, [{ address, port: 40_000, priority: 99 }]);
});
