import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerAudio, findAudio, type LocalAudio, offerAudio } from './audio.ts';
import { parseSdp } from './sdp.ts';

const own = { ufrag: 'ours', password: 'the+password+of+this+end' };
const local: LocalAudio = {
  ...{ address: '192.0.2.7', port: 20_000, sessionId: 5, version: 1 },
  direction: 'sendrecv',
  ice: { ...own, lite: true },
};

const password = 'the+password+of+that+end';
const credentials = ['a=ice-ufrag:them', `a=ice-pwd:${password}`];
const host = 'a=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host';

const offer = (session: readonly string[], media: readonly string[]): string =>
  [
    ...['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...session],
    ...['m=audio 4000 RTP/AVP 0', ...media, ''],
  ].join('\r\n');

function read(text: string) {
  const session = parseSdp(text);
  const audio = session && findAudio(session);
  assert.ok(session && audio && !('unusable' in audio));
  return { session, audio };
}
const answered = (text: string): readonly string[] | null => {
  const { session, audio } = read(text);
  return answerAudio(session, audio, local).match(/^a=(?:ice|candidate|rtcp).*$/gm);
};
const candidate = { address: '192.0.2.1', port: 4000, priority: 2_130_706_431 };

describe('ICE in an offer', () => {
  it('of ours is of a lite agent with one candidate, and is read back', () => {
    const text = offerAudio(local);
    assert.deepEqual(text.match(/^a=(?:ice|candidate).*$/gm), [
      'a=ice-lite',
      'a=ice-ufrag:ours',
      'a=ice-pwd:the+password+of+this+end',
      'a=candidate:1 1 UDP 2130706431 192.0.2.7 20000 typ host',
    ]);
    const candidates = [{ ...candidate, address: '192.0.2.7', port: 20_000 }];
    assert.deepEqual(read(text).audio.ice, { ...own, lite: true, candidates });
  });

  it('may stand for the session or for the stream, which goes before', () => {
    const far = { ufrag: 'them', password, lite: false, candidates: [candidate] };
    assert.deepEqual(read(offer(credentials, [host])).audio.ice, far);
    assert.deepEqual(
      read(offer(['a=ice-ufrag:else', ...credentials.slice(1)], [...credentials, host])).audio.ice,
      far,
    );
    assert.equal(read(offer(['a=ice-lite'], [...credentials, host])).audio.ice?.lite, true);
  });

  it('is none with half of its credentials, or with some that are too short', () => {
    assert.equal(read(offer([], [credentials[0]!, host])).audio.ice, undefined);
    assert.equal(read(offer([], [credentials[0]!, 'a=ice-pwd:short', host])).audio.ice, undefined);
  });

  it('names candidates for RTP over UDP at literal addresses; others are not for us', () => {
    const others = [
      'a=candidate:1 2 UDP 2130706430 192.0.2.1 4001 typ host',
      'a=candidate:2 1 TCP 2105524479 192.0.2.1 9 typ host tcptype active',
      'a=candidate:3 1 UDP 2130706431 4f1b.local 5000 typ host',
      'a=candidate:4 1 UDP 99999999999 192.0.2.1 4000 typ host',
      'a=candidate:5 1 UDP 1 192.0.2.1 70000 typ host',
    ];
    const reflexive = 'a=candidate:6 1 udp 1694498815 198.51.100.9 5004 typ srflx raddr 192.0.2.1 rport 4000';
    const { audio } = read(offer(credentials, [host, ...others, reflexive]));
    assert.deepEqual(audio.ice?.candidates, [
      candidate,
      { address: '198.51.100.9', port: 5004, priority: 1_694_498_815 },
    ]);
  });

  it('is answered with our candidate, and RTCP on the same port where that is offered', () => {
    assert.deepEqual(answered(offer(credentials, [host, 'a=rtcp-mux'])), [
      'a=ice-lite',
      'a=rtcp-mux',
      'a=ice-ufrag:ours',
      'a=ice-pwd:the+password+of+this+end',
      'a=candidate:1 1 UDP 2130706431 192.0.2.7 20000 typ host',
    ]);
    assert.equal(answered(offer([], [])), null);
  });

  it('whose candidates are not where the description sends audio was changed on the way, and is not used', () => {
    const text = offer(credentials, [host]).replace('c=IN IP4 192.0.2.1', 'c=IN IP4 203.0.113.5');
    assert.equal(read(text).audio.ice, undefined);
    assert.deepEqual(answered(text), ['a=ice-mismatch']);
  });
});
