import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerAudio, answerDirection, findAudio, offerAudio } from './audio.ts';
import { isIpLiteral } from './ip-literal.ts';
import { parseSdp } from './sdp.ts';

const local = {
  address: '192.0.2.7',
  port: 20_000,
  direction: 'sendrecv',
  sessionId: 5,
  version: 1,
} as const;

function offer(...media: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...media, ''].join('\r\n');
}

function audio(text: string) {
  const session = parseSdp(text);
  assert.ok(session, 'it is no SDP');
  return findAudio(session);
}

function answer(text: string, own: Parameters<typeof answerAudio>[2] = local): string {
  const session = parseSdp(text);
  const found = session && findAudio(session);
  assert.ok(session && found && !('unusable' in found));
  return answerAudio(session, found, own);
}

describe('an offer', () => {
  it('of ours is read back as we meant it', () => {
    assert.deepEqual(audio(offerAudio(local)), {
      ...{ index: 0, address: '192.0.2.7', port: 20_000, codec: 'PCMU', payloadType: 0 },
      ...{ direction: 'sendrecv', telephoneEvent: 101 },
    });
  });

  it('without media has port 9 and is inactive', () => {
    const text = offerAudio({ ...local, port: undefined });
    assert.match(text, /^m=audio 9 RTP\/AVP 0 8 101\r$/m);
    assert.match(text, /^a=inactive\r$/m);
  });

  it('takes the first codec of the far end that we have', () => {
    const found = audio(offer('m=audio 4000 RTP/AVP 96 8 0', 'a=rtpmap:96 opus/48000/2'));
    assert.ok(!('unusable' in found));
    assert.deepEqual([found.codec, found.payloadType, found.telephoneEvent], ['PCMA', 8, undefined]);
  });

  it('may give a codec we have a number of its own, and an address of its own', () => {
    const found = audio(offer('m=audio 4000 RTP/AVP 97', 'c=IN IP6 2001:db8::1', 'a=rtpmap:97 pcma/8000'));
    assert.ok(!('unusable' in found));
    assert.deepEqual([found.codec, found.payloadType, found.address], ['PCMA', 97, '2001:db8::1']);
  });

  it('says what is unusable about it', () => {
    const unusable = (text: string): unknown => audio(text);
    assert.deepEqual(unusable(offer()), { unusable: 'no audio stream' });
    assert.deepEqual(unusable(offer('m=video 4000 RTP/AVP 31')), { unusable: 'no audio stream' });
    assert.deepEqual(unusable(offer('m=audio 0 RTP/AVP 0')), { unusable: 'the audio stream is refused' });
    assert.deepEqual(unusable(offer('m=audio 4000 RTP/SAVP 0')), { unusable: 'RTP/SAVP instead of RTP/AVP' });
    assert.deepEqual(unusable(offer('m=audio 4000 RTP/AVP 18')), { unusable: 'neither PCMU nor PCMA' });
    assert.deepEqual(unusable(offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 host.invalid')), {
      unusable: 'no address for the audio',
    });
  });

  it('tells hold in every way it is written', () => {
    for (const [line, direction] of [
      ['a=sendonly', 'sendonly'],
      ['a=inactive', 'inactive'],
      ['c=IN IP4 0.0.0.0', 'sendonly'],
      ['a=ptime:20', 'sendrecv'],
    ] as const) {
      const found = audio(offer('m=audio 4000 RTP/AVP 0', line));
      assert.ok(!('unusable' in found));
      assert.equal(found.direction, direction, line);
    }
  });

  it('that is no SDP, or too much of one, is none', () => {
    for (const text of [
      '',
      'hello',
      'v=1\r\n',
      'v=0\r\nm=audio 1 RTP/AVP 0\r\n',
      offer('m=audio x RTP/AVP 0'),
      offer('m=audio 70000 RTP/AVP 0'),
    ]) {
      assert.equal(parseSdp(text), undefined, JSON.stringify(text));
    }
    assert.equal(parseSdp(offer(...Array(17).fill('m=audio 1 RTP/AVP 0'))), undefined);
    assert.equal(parseSdp(offer(...Array(2000).fill('a=x'))), undefined);
    assert.equal(parseSdp(`v=0\r\n${'x'.repeat(40_000)}`), undefined);
  });
});

describe('an answer', () => {
  it('has every stream of the offer in its order, and refuses those we do not take', () => {
    const text = answer(
      offer('m=video 5000 RTP/AVP 31', 'm=audio 4000 RTP/AVP 18 8 0 96', 'a=rtpmap:96 telephone-event/8000'),
    );
    assert.deepEqual(text.match(/^m=.*$/gm), ['m=video 0 RTP/AVP 31', 'm=audio 20000 RTP/AVP 8 96']);
  });

  it('answers hold with what is left', () => {
    for (const [offered, answered] of [
      ['sendrecv', 'sendrecv'],
      ['sendonly', 'recvonly'],
      ['recvonly', 'sendonly'],
      ['inactive', 'inactive'],
    ] as const) {
      assert.match(
        answer(offer('m=audio 4000 RTP/AVP 0', `a=${offered}`)),
        new RegExp(`^a=${answered}\r$`, 'm'),
      );
    }
    assert.equal(answerDirection('sendrecv', 'sendonly'), 'sendonly');
    assert.equal(answerDirection('sendonly', 'sendonly'), 'inactive');
  });

  it('without media has port 9 and is inactive', () => {
    const text = answer(offer('m=audio 4000 RTP/AVP 0'), { ...local, port: undefined });
    assert.match(text, /^m=audio 9 RTP\/AVP 0\r$/m);
    assert.match(text, /^a=inactive\r$/m);
  });
});

it('an address is an IP literal, strictly', () => {
  for (const good of [
    '127.0.0.1',
    '0.0.0.0',
    '::',
    '::1',
    '2001:db8::7',
    '1:2:3:4:5:6:7:8',
    '::ffff:192.0.2.1',
  ]) {
    assert.equal(isIpLiteral(good), true, good);
  }
  for (const bad of [
    '127.0.0.010',
    '256.1.1.1',
    '1.2.3',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    'host',
    '::1.2.3',
    '',
  ]) {
    assert.equal(isIpLiteral(bad), false, bad);
  }
});
