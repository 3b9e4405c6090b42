/** What holds for every session description whatsoever, and one after the other that shall hold it. */
import assert from 'node:assert/strict';
import { answerAudio, findAudio, offerAudio } from '../../src/wire/sdp/audio.ts';
import { cryptoSuites } from '../../src/wire/sdp/crypto.ts';
import { isIpLiteral } from '../../src/wire/sdp/ip-literal.ts';
import { parseSdp, type SessionDescription } from '../../src/wire/sdp/sdp.ts';
import { one, type Random } from './random.ts';
import { sdp } from './sip-corpus.ts';
import { wreck } from './wreck.ts';

export type Outcome =
  | 'reworded'
  | 'spoilt'
  | 'wrecked and usable'
  | 'wrecked and unusable'
  | 'wrecked and none';

const local = {
  address: '192.0.2.7',
  port: 20_000,
  direction: 'sendrecv',
  sessionId: 5,
  version: 1,
} as const;

const keys = Object.fromEntries(
  cryptoSuites.map((suite) => [suite, 'A'.repeat(suite.startsWith('AES_256') ? 62 : 40)]),
);
const ice = { ufrag: 'abcd', password: 'abcdefghijklmnopqrstuv', lite: true };
/** Answers with everything that an offer may ask for. */
const answerer = { ...local, keys, ice };

const many = [
  ...[
    'v=0',
    'o=mhandley 29739 7272939 IN IP6 2001:db8::1',
    's=-',
    'i=voil\u00e0',
    'u=http://h/?v=0',
    'e=a@h',
    'p=+1 617',
  ],
  ...[
    'c=IN IP4 224.2.1.1/127/3',
    'b=CT:154798',
    't=2873397496 2873404696',
    'r=7d 1h 0 25h',
    'z=0 -1h',
    'k=clear:x',
    'a=inactive',
  ],
  ...['m=video 51372/2 RTP/AVP 31', 'a=sendonly', 'm=application 0 udp wb', 'm=audio 4000 RTP/AVP 97 0 98'],
  ...['c=IN IP4 192.0.2.9', 'a=rtpmap:97 opus/48000/2', 'a=rtpmap:98 telephone-event/8000', 'a=recvonly', ''],
].join('\r\n');
const held = sdp.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0').replace('a=sendrecv\r\n', '');
const corpus = [
  sdp,
  many,
  held,
  offerAudio(local),
  offerAudio({ ...local, port: undefined, address: '2001:db8::2' }),
  offerAudio(answerer),
  offerAudio({ ...local, ice }),
];

function writeSdp({ iceLite, media }: SessionDescription): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 't=0 0', ...(iceLite ? ['a=ice-lite'] : [])];
  for (const { media: kind, port, protocol, formats, address, direction, maps, ...path } of media) {
    lines.push(`m=${kind} ${port} ${protocol} ${formats.join(' ')}`);
    if (address !== undefined) lines.push(`c=IN IP4 ${address}`);
    lines.push(`a=${direction}`);
    for (const map of maps) lines.push(`a=rtpmap:${map.payloadType} ${map.encoding}/${map.clockRate}`);
    for (const { tag, suite, keys: own, parameters } of path.crypto)
      lines.push(`a=crypto:${[tag, suite, own.join(';'), ...parameters].join(' ')}`);
    if (path.ice.ufrag !== undefined) lines.push(`a=ice-ufrag:${path.ice.ufrag}`);
    if (path.ice.password !== undefined) lines.push(`a=ice-pwd:${path.ice.password}`);
    for (const one of path.candidates)
      lines.push(
        `a=candidate:${one.foundation} ${one.component} UDP ${one.priority} ${one.address} ${one.port} typ ${one.type}`,
      );
    if (path.rtcpMux) lines.push('a=rtcp-mux');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Whether there was audio we can use. */
function holds(text: string): 'usable' | 'unusable' | 'none' {
  const session = parseSdp(text);
  if (!session) return 'none';
  const again = parseSdp(writeSdp(session));
  assert.deepEqual(again, session);
  const plain = findAudio(session);
  const secure = 'unusable' in plain;
  const audio = secure ? findAudio(session, { secure }) : plain;
  if ('unusable' in audio) {
    assert.notEqual(audio.unusable, '');
    return 'unusable';
  }
  assert.ok(audio.port > 0 && audio.port < 65_536 && isIpLiteral(audio.address));
  const answer = answerAudio(session, audio, answerer);
  assert.ok(!/\r(?!\n)|(?<!\r)\n|\0/.test(answer), 'a line break of its own came back');
  const answered = parseSdp(answer);
  assert.ok(answered, 'our answer is none');
  // RFC 3264 6: as many streams, in the same order, and those not taken refused.
  assert.deepEqual(
    answered.media.map(({ media, port }) => [media, port]),
    session.media.map(({ media }, index) => [media, index === audio.index ? local.port : 0]),
  );
  const ours = findAudio(answered, { secure });
  assert.ok(!('unusable' in ours) && ours.codec === audio.codec && ours.payloadType === audio.payloadType);
  assert.deepEqual([ours.crypto?.tag, ours.crypto?.suite], [audio.crypto?.tag, audio.crypto?.suite]);
  assert.equal(ours.ice === undefined, audio.ice === undefined);
  return 'usable';
}

/** Changes that change nothing for us. */
function reword(text: string, next: Random): string {
  let lines = text.split('\r\n');
  for (let n = next(5); n > 0; n--) {
    const extra = one(next, [
      'a=x',
      'a=rtpmap:126 G726-32/8000',
      'b=AS:84',
      'a=candidate:1 1 UDP 1 h 9 typ host',
      'a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:AAAA',
      'a=ice-pwd:short',
      'k=',
      'i=\u00e5\u6f22',
      'a=fmtp:0 m=audio',
      'q=c=IN',
    ]);
    lines = lines.toSpliced(2 + next(lines.length - 2), 0, extra);
  }
  return lines.join(one(next, ['\r\n', '\r\n', '\n']));
}

const spoilers: readonly ((text: string, next: Random) => string)[] = [
  (text) => text.replace('v=0', 'v=1'),
  (text) => text.replace(/^v=0\r?\n/, ''),
  (text) => text.replace(/^o=.*$/m, ''),
  (text, next) =>
    text.replace(
      /^m=audio \d+/m,
      `m=audio ${one(next, ['x', '-1', '65536', '99999', '1e3', '0x10', '', '1/', '4000/x'])}`,
    ),
  (text) => text.replace(/^m=audio.*$/m, 'm=audio 4000 RTP/AVP'),
  (text, next) => text.replace(/^m=audio.*$/m, (line) => `${line}${' 5'.repeat(65 + next(100))}`),
  (text, next) =>
    text.replace(/^m=audio/m, (line) => `${'m=image 1 udptl t38\r\n'.repeat(16 + next(50))}${line}`),
  (text, next) => `${text}${'a=x\r\n'.repeat(1000 + next(50))}`,
  (text, next) => `${text}i=${'x'.repeat(32_768 + next(1000))}`,
  (text, next) => text.replace(/^s=/m, one(next, ['s=\0', 's=\r \r', 's=a\rm=audio 1 RTP/AVP 0\r'])),
];

/** One description; throws when something does not hold. */
export function fuzzSdp(next: Random): Outcome {
  const kind = next(10);
  if (kind < 3) {
    const text = one(next, corpus);
    assert.equal(holds(reword(text, next)), holds(text));
    return 'reworded';
  }
  if (kind < 5) {
    assert.equal(
      parseSdp(one(next, spoilers)(reword(one(next, corpus), next), next)),
      undefined,
      'it was read',
    );
    return 'spoilt';
  }
  return `wrecked and ${holds(wreck(one(next, corpus), one(next, corpus), next))}`;
}
