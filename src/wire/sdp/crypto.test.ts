import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { srtpSuiteNames } from '../rtp/srtp-suites.ts';
import { answerAudio, findAudio, type LocalAudio, offerAudio, type Wanted } from './audio.ts';
import { cryptoSuites } from './crypto.ts';
import { parseSdp } from './sdp.ts';

const key = 'A'.repeat(40);
const long = 'B'.repeat(62);
const keys = { AES_CM_128_HMAC_SHA1_80: key, AES_CM_128_HMAC_SHA1_32: key, AES_256_CM_HMAC_SHA1_80: long };
const local: LocalAudio = {
  ...{ address: '192.0.2.7', port: 20_000, sessionId: 5, version: 1 },
  direction: 'sendrecv',
  keys,
};

const description = (...lines: readonly string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...lines, ''].join('\r\n');
const secured = (...lines: readonly string[]): string => description('m=audio 4000 RTP/SAVP 0', ...lines);

function read(text: string, wanted: Wanted = { secure: true }) {
  const session = parseSdp(text);
  assert.ok(session, 'it is no SDP');
  return { session, audio: findAudio(session, wanted) };
}
const chosen = (text: string, wanted?: Wanted): unknown => {
  const { audio } = read(text, wanted);
  return 'unusable' in audio ? audio.unusable : audio.crypto;
};

it('every suite that is offered is one that packets are protected with', () => {
  assert.deepEqual(cryptoSuites, srtpSuiteNames);
});

describe('an offer with keys', () => {
  it('of ours has a line for each suite, and is read back', () => {
    const text = offerAudio(local);
    assert.deepEqual(text.match(/^(?:m|a=crypto).*$/gm), [
      'm=audio 20000 RTP/SAVP 0 8 101',
      `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`,
      `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${key}`,
      `a=crypto:3 AES_256_CM_HMAC_SHA1_80 inline:${long}`,
    ]);
    assert.deepEqual(chosen(text), { tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key });
  });

  it('is answered with the tag of the first line that we can use, and a key of ours', () => {
    const { session, audio } = read(
      secured(
        `a=crypto:4 AEAD_AES_128_GCM inline:${key}`,
        `a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:${'C'.repeat(40)}|2^31|1:1`,
        `a=crypto:8 AES_CM_128_HMAC_SHA1_80 inline:${key}`,
      ),
    );
    assert.ok(!('unusable' in audio));
    const mki = { value: 1, length: 1 };
    assert.deepEqual(audio.crypto, { tag: 7, suite: 'AES_CM_128_HMAC_SHA1_32', key: 'C'.repeat(40), mki });
    assert.deepEqual(answerAudio(session, audio, local).match(/^(?:m|a=crypto).*$/gm), [
      'm=audio 20000 RTP/SAVP 0',
      `a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:${key}`,
    ]);
  });

  it('may have session parameters that need not be understood, and a lifetime', () => {
    const text = secured(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}|1000000 -FOO`);
    assert.deepEqual(chosen(text), { tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key });
  });

  it('that has no line for us says what is wrong with each', () => {
    const suite = 'AES_CM_128_HMAC_SHA1_80';
    for (const [lines, why] of [
      [[], 'RTP/SAVP without a=crypto'],
      [['a=crypto:x'], 'RTP/SAVP without a=crypto'],
      [[`a=crypto:1 F8_128_HMAC_SHA1_80 inline:${key}`], 'a=crypto:1: F8_128_HMAC_SHA1_80 is not served'],
      [[`a=crypto:1 constructor inline:${key}`], 'a=crypto:1: constructor is not served'],
      [
        [`a=crypto:2 ${suite} inline:AAAA`, `a=crypto:3 ${suite} inline:${key} UNENCRYPTED_SRTP`],
        `a=crypto:2: 3 octets of key and salt; ${suite} has 30; a=crypto:3: session parameter UNENCRYPTED_SRTP is not served`,
      ],
      [
        [`a=crypto:1 ${suite} inline:${key}|1:4;inline:${key}|2:4`],
        'a=crypto:1: 2 keys in one line; one is served',
      ],
      [[`a=crypto:1 ${suite} uri:https://keys`], 'a=crypto:1: its key is malformed'],
      [
        [`a=crypto:1 ${suite} inline:${key}|2^20|256:1`],
        'a=crypto:1: a key identifier of 1 octets with the value 256; 1 to 6 octets are served',
      ],
    ] as const)
      assert.equal(chosen(secured(...lines)), why);
  });

  it('is not taken where audio is to be in the clear, nor the other way about', () => {
    const line = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`;
    assert.equal(chosen(secured(line), { secure: false }), 'RTP/SAVP instead of RTP/AVP');
    // Keys beside a profile that does not use them (RFC 4568 6): they protect nothing.
    assert.equal(chosen(description('m=audio 4000 RTP/AVP 0', line)), 'RTP/AVP instead of RTP/SAVP');
  });
});

it('an answer takes one of the lines that we offered, by its tag', () => {
  const answer = (line: string): unknown => chosen(secured(line), { secure: true, answers: true });
  assert.deepEqual(answer(`a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${key}`), {
    ...{ tag: 2, suite: 'AES_CM_128_HMAC_SHA1_32', key },
  });
  assert.equal(
    answer(`a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:${key}`),
    'a=crypto:1 AES_CM_128_HMAC_SHA1_32 answers nothing that we offered',
  );
  assert.equal(
    answer(`a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${key}`),
    'a=crypto:4 AES_CM_128_HMAC_SHA1_80 answers nothing that we offered',
  );
});
