/** Hostile bytes on the SIP ports and on the RTP port of a live call. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { realNetwork } from '../../src/edge/sip/network-real.ts';
import { Besieged } from '../peers/besieged.ts';
import { open } from '../peers/raw-http.ts';
import { RawPeer, sdp } from '../peers/raw-sip.ts';

let besieged: Besieged;
/** On the allow list of the simulated trunk, and on none. */
let known: RawPeer;
let stranger: RawPeer;
before(async () => {
  besieged = await Besieged.start();
  const to = () => ({ host: '127.0.0.1', port: besieged.server.sip.udp });
  known = await RawPeer.open(realNetwork(), to, { host: '127.0.0.1', port: 0 });
  stranger = await RawPeer.open(realNetwork(), to, { host: '127.0.0.2', port: 0 });
});
after(async () => {
  await known.close();
  await stranger.close();
  await besieged.stop();
});

let count = 0;
interface Words {
  readonly uri?: string;
  readonly toTag?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly callId?: string;
}

function request(peer: RawPeer, method: string, words: Words = {}): string {
  const { uri = 'sip:+18005550100@127.0.0.1', toTag, headers = [], body = '' } = words;
  const { host, port } = peer.local;
  count += 1;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${randomBytes(6).toString('hex')};rport`,
    'Max-Forwards: 70',
    `From: <sip:+15005552000@${host}>;tag=f${count}`,
    `To: <${uri}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${words.callId ?? `c${count}-${host}`}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${host}:${port}>`,
    ...headers,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

const withSdp = { headers: ['Content-Type: application/sdp'], body: sdp };

/** Sockets keep their order: once this is answered, what was sent before has been read. */
async function allRead(): Promise<void> {
  const callId = `barrier-${count}`;
  known.say(request(known, 'OPTIONS', { callId }));
  await until('an answer to OPTIONS', async () => {
    const answer = known.heard.find((text) => text.includes(`Call-ID: ${callId}\r\n`));
    return answer?.startsWith('SIP/2.0 200 ') ? { is: undefined } : { notYet: `it is ${answer}` };
  });
}

const final = (peer: RawPeer, callId: string) =>
  until(`an answer to ${callId}`, async () => {
    const answers = peer.heard.filter((text) => text.includes(`Call-ID: ${callId}\r\n`));
    const status = answers.map((text) => Number(text.slice(8, 11))).find((code) => code >= 200);
    return status === undefined ? { notYet: `what came: ${answers.join()}` } : { is: status };
  });

describe('a datagram on the SIP port', () => {
  const lines = (n: number, line: string): string => Array(n).fill(line).join('\r\n');
  const garbage: Readonly<Record<string, () => string | Buffer>> = {
    'of nothing': () => '',
    'of one byte': () => 'X',
    'of random bytes': () => randomBytes(1400),
    'of 64 kB of random bytes': () => randomBytes(65_000),
    'of 64 kB of NULs': () => Buffer.alloc(65_000),
    'of 64 kB of one line': () => 'INVITE sip:'.padEnd(65_000, 'x'),
    'of 64 kB of line breaks': () => '\r\n'.repeat(32_000),
    'of 64 kB of brackets': () => request(known, 'INVITE', { headers: [`X: ${'<'.repeat(60_000)}`] }),
    'with five thousand Vias': () => request(known, 'INVITE', { headers: [lines(5000, 'v: x')] }),
    'with a Via of a hundred thousand parts': () =>
      request(known, 'OPTIONS').replace(/Via: .*/, `Via: ${'SIP/2.0/UDP a,'.repeat(4000)}SIP/2.0/UDP a`),
    'with two hundred headers and no end': () => `INVITE sip:a@b SIP/2.0\r\n${lines(200, 'a: b')}`,
    'with NULs in its headers': () => request(known, 'INVITE', { headers: ['X\0: \0'] }),
    'with a NUL in its number': () => request(known, 'INVITE', { uri: 'sip:\0@a', ...withSdp }),
    'with a length that is not true': () => request(known, 'INVITE').replace(/Length: 0/, 'Length: 60000'),
    'with a negative length': () => request(known, 'INVITE').replace(/Length: 0/, 'Length: -1'),
    'with a sequence number beyond numbers': () =>
      request(known, 'BYE').replace('CSeq: 1', 'CSeq: 99999999999'),
    'with no Via': () => request(known, 'INVITE').replace(/Via: .*\r\n/, ''),
    'with a Via to nowhere': () =>
      request(known, 'BYE').replace(/Via: .*/, 'Via: SIP/2.0/UDP 0.0.0.0:0;branch=z9hG4bKx'),
    'with a Via of a name': () =>
      request(known, 'BYE').replace(/Via: .*/, 'Via: SIP/2.0/UDP no.such.invalid;branch=z9hG4bKy'),
    'of HTTP': () => 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'of another version': () => request(known, 'INVITE').replace('SIP/2.0\r\n', 'SIP/9.9\r\n'),
    'of a response to nobody': () => request(known, 'INVITE').replace(/^.*/, 'SIP/2.0 200 OK'),
    'of a response with a wild status': () => request(known, 'INVITE').replace(/^.*/, 'SIP/2.0 999 \xff'),
    'of an ACK to nobody': () => request(known, 'ACK', { toTag: 'x' }),
    'of bytes that are no UTF-8': () =>
      request(known, 'OPTIONS', { headers: ['Subject: \xff\xfe\xed\xa0\x80'] }),
  };
  for (const [input, bytes] of Object.entries(garbage)) {
    test(`${input} disturbs nobody, wherever it comes from`, async () => {
      for (const peer of [known, stranger]) {
        const sent = bytes();
        peer.say(typeof sent === 'string' ? sent : sent.toString('latin1'));
      }
      await allRead();
      await besieged.holds();
    });
  }

  test('cut off at any byte disturbs nobody', async () => {
    const whole = request(known, 'INVITE', withSdp);
    for (let length = 0; length < whole.length; length += 1) known.say(whole.slice(0, length));
    await allRead();
    await besieged.holds();
  });

  test('with any one byte changed disturbs nobody', async () => {
    for (const method of ['INVITE', 'BYE', 'CANCEL', 'OPTIONS']) {
      const whole = request(known, method, withSdp);
      for (let at = 0; at < whole.length; at += 1) {
        const byte = String.fromCharCode((at * 131 + 7) % 256);
        known.say(whole.slice(0, at) + byte + whole.slice(at + 1));
        if (at % 50 === 0) await allRead();
      }
    }
    await allRead();
    await besieged.holds();
  });

  test('two thousand at once disturb nobody', async () => {
    for (let i = 0; i < 2000; i += 1) stranger.say(randomBytes(200).toString('latin1'));
    await allRead();
    await besieged.holds();
  });
});

describe('a SIP request', () => {
  const answers: Readonly<Record<string, readonly [method: string, words: Words, status: number]>> = {
    'BYE outside a dialog': ['BYE', { toTag: 'x' }, 481],
    'BYE without a tag': ['BYE', {}, 481],
    'CANCEL of nothing': ['CANCEL', {}, 481],
    'UPDATE outside a dialog': ['UPDATE', { toTag: 'x' }, 481],
    'INVITE inside an unknown dialog': ['INVITE', { toTag: 'x', ...withSdp }, 481],
    'INFO of nothing': ['INFO', {}, 481],
    REGISTER: ['REGISTER', {}, 405],
    'a method that is made up': ['BREW', {}, 405],
    'INVITE with an extension of its own': ['INVITE', { headers: ['Require: magic'] }, 420],
    'INVITE to another scheme': ['INVITE', { uri: 'mailto:a@b', ...withSdp }, 416],
    'INVITE with a foreign body': ['INVITE', { headers: ['Content-Type: text/html'], body: '<p>' }, 415],
    'INVITE with SDP that is none': [
      'INVITE',
      { headers: ['Content-Type: application/sdp'], body: 'x' },
      488,
    ],
    'INVITE with video alone': ['INVITE', { ...withSdp, body: sdp.replace('m=audio', 'm=video') }, 488],
    'INVITE with SDP of an address that is none': [
      'INVITE',
      { ...withSdp, body: sdp.replace('c=IN IP4 127', 'c=IN IP4 999') },
      488,
    ],
    'INVITE with SDP of port 70000': [
      'INVITE',
      { ...withSdp, body: sdp.replace('audio 40000', 'audio 70000') },
      488,
    ],
    'INVITE with SDP of port 0': ['INVITE', { ...withSdp, body: sdp.replace('audio 40000', 'audio 0') }, 488],
    'INVITE with SDP of a thousand streams': [
      'INVITE',
      { ...withSdp, body: sdp + 'm=audio 4 RTP/AVP 0\r\n'.repeat(1000) },
      488,
    ],
    'INVITE to a number of nobody': ['INVITE', { uri: 'sip:+442079460000@127.0.0.1', ...withSdp }, 404],
    'INVITE to no number': ['INVITE', { uri: 'sip:127.0.0.1', ...withSdp }, 404],
    'INVITE to an emoji': ['INVITE', { uri: 'sip:%F0%9F%93%9E@127.0.0.1', ...withSdp }, 404],
  };
  for (const [input, [method, words, status]] of Object.entries(answers)) {
    test(`${input} is answered ${status}`, async () => {
      const callId = `r${count}`;
      known.say(request(known, method, { ...words, callId }));
      assert.equal(await final(known, callId), status);
      await besieged.holds();
    });
  }

  test('from a source on no allow list is answered 403 and reaches no call', async () => {
    const calls = () => besieged.send({ method: 'GET', path: '/ringback/v1/calls?limit=1000' });
    const before = await calls();
    for (const method of ['INVITE', 'OPTIONS', 'BYE', 'REGISTER']) {
      const callId = `s${count}`;
      stranger.say(request(stranger, method, { ...withSdp, callId }));
      assert.equal(await final(stranger, callId), 403);
    }
    assert.deepEqual((await calls()).body, before.body);
    await besieged.holds();
  });
});

describe('bytes on the SIP port over TCP', () => {
  const streams: Readonly<Record<string, () => string | Buffer>> = {
    'at random': () => randomBytes(4096),
    'of NULs': () => Buffer.alloc(200_000),
    'of a header without end': () => `INVITE sip:a@b SIP/2.0\r\nX: ${'x'.repeat(200_000)}`,
    'of a body without end': () => request(known, 'INVITE').replace('Length: 0', 'Length: 999999999'),
    'without a length': () => request(known, 'INVITE').replace(/Content-Length: 0\r\n/, ''),
    'of ten thousand pings': () => '\r\n\r\n'.repeat(10_000),
    'of a thousand responses to nobody': () =>
      request(known, 'INVITE').replace(/^.*/, 'SIP/2.0 200 OK').repeat(1000),
    'of a thousand requests': () => Array.from({ length: 1000 }, () => request(known, 'BYE')).join(''),
    'of HTTP': () => 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'of TLS': () => Buffer.from('16030100dc010000d80303', 'hex'),
    'of half a message': () => request(known, 'INVITE', withSdp).slice(0, 100),
  };
  for (const [input, bytes] of Object.entries(streams)) {
    test(`${input} disturb nobody`, async () => {
      const socket = await open(besieged.server.sip.tcp);
      socket.on('error', () => {}).resume();
      await new Promise((resolve) => socket.write(bytes(), resolve));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      await closed;
      await allRead();
      await besieged.holds();
    });
  }

  test('one at a time are put together again', async () => {
    const socket = await open(besieged.server.sip.tcp);
    socket.setNoDelay(true).setEncoding('latin1');
    const callId = `tcp${count}`;
    const message = request(known, 'OPTIONS', { callId }).replace('SIP/2.0/UDP', 'SIP/2.0/TCP');
    for (const byte of message) await new Promise((resolve) => socket.write(byte, resolve));
    const [answer] = await new Promise<readonly string[]>((resolve) =>
      socket.once('data', (...data) => resolve(data.map(String))),
    );
    socket.destroy();
    assert.match(answer ?? '', /^SIP\/2\.0 200 /);
    await besieged.holds();
  });
});

test('garbage on the RTP port of a live call is counted and goes nowhere', async () => {
  const { body } = await besieged.send({
    method: 'GET',
    path: `/ringback/v1/calls/${besieged.known}/timeline`,
  });
  const address = /received at 127\.0\.0\.1:(\d+)/.exec(JSON.stringify(body));
  const to = { host: '127.0.0.1', port: Number(address?.[1]) };
  assert.ok(to.port > 0, JSON.stringify(body));
  const rtp = (bytes: Buffer): Buffer => {
    bytes[0] = 0x80;
    return bytes;
  };
  for (const host of ['127.0.0.1', '127.0.0.2']) {
    const peer = await RawPeer.open(realNetwork(), () => to, { host, port: 0 });
    for (let size = 0; size < 1400; size += 7) {
      peer.say(randomBytes(size).toString('latin1'));
      peer.say(rtp(randomBytes(size + 1)).toString('latin1'));
    }
    peer.say(randomBytes(65_000).toString('latin1'));
    peer.say(`${String.fromCharCode(0xbf)}${'\xff'.repeat(60_000)}`);
    peer.say(request(known, 'BYE', { toTag: 'x' }));
    await peer.close();
  }
  await allRead();
  await besieged.holds();
  assert.equal(
    (await besieged.send({ method: 'GET', path: `/calling/callConnections/${besieged.known}` })).status,
    200,
  );
});

test('after all that, calls are placed and taken', async () => {
  await besieged.server.clock.advance('40s');
  await besieged.placesCalls();
});
