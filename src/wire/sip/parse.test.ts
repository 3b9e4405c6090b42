import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatResponse, responseHead } from './format.ts';
import { header, headerList } from './header.ts';
import type { Malformed, Message, Request } from './message.ts';
import { parseMessage } from './parse.ts';

function lines(...all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n\r\n`;
}

function request(
  changes: Readonly<Record<string, string | undefined>> = {},
  start = 'INVITE sip:+1555@h SIP/2.0',
): string {
  const headers: Record<string, string | undefined> = {
    Via: 'SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa;rport',
    From: '"Ada" <sip:+1666@h>;tag=f',
    To: '<sip:+1555@h>',
    'Call-ID': 'c1',
    CSeq: '7 INVITE',
    ...changes,
  };
  return lines(
    start,
    ...Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
  );
}

function read(text: string): Message {
  const parsed = parseMessage(text);
  assert.ok('message' in parsed, 'malformed' in parsed ? parsed.malformed : '');
  return parsed.message;
}

function refuse(text: string): Malformed {
  const parsed = parseMessage(text);
  assert.ok('malformed' in parsed, 'it was read');
  return parsed;
}

describe('a message', () => {
  it('is read with what it is matched by', () => {
    const message = read(request());
    assert.equal(message.kind, 'request');
    const { via, fromTag, toTag, callId, cseq, cseqMethod, from } = message;
    assert.deepEqual([via.branch, via.host, via.port, via.rport], ['z9hG4bKa', '192.0.2.1', 5062, true]);
    assert.deepEqual([fromTag, toTag, callId, cseq, cseqMethod], ['f', '', 'c1', 7, 'INVITE']);
    assert.deepEqual([from.display, from.uri], ['Ada', 'sip:+1666@h']);
  });

  it('may use compact names, folded lines and any case', () => {
    const message = read(
      lines(
        'OPTIONS sip:h SIP/2.0',
        'v: SIP/2.0/UDP h;branch=z9hG4bKb',
        'F: <sip:a@h>;tag=1',
        'tO: <sip:b@h>',
        'i: x',
        'cseq: 1',
        ' OPTIONS',
        'k: a,',
        '\tb',
      ),
    );
    assert.equal(message.cseqMethod, 'OPTIONS');
    assert.deepEqual(headerList(message.headers, 'supported'), ['a', 'b']);
  });

  it('keeps only as many bytes of body as Content-Length says', () => {
    const text = `${request({ 'Content-Length': '4' })}v=0\nrest`;
    assert.equal(read(text).body, 'v=0\n');
  });

  it('is refused with 400 where a mandatory header is bad or missing', () => {
    for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
      const found = refuse(request({ [name]: undefined }));
      assert.deepEqual([found.status, found.partial?.method], [400, 'INVITE'], name);
    }
    for (const bad of [
      { CSeq: '7 BYE' },
      { CSeq: '4294967296 INVITE' },
      { From: '<sip:a@h' },
      { 'Max-Forwards': '256' },
    ]) {
      assert.equal(refuse(request(bad)).status, 400, JSON.stringify(bad));
    }
  });

  it('without a Via cannot be answered', () => {
    assert.equal(refuse(request({ Via: undefined })).partial, undefined);
    assert.equal(refuse(request({ Via: 'SIP/2.0/UDP ;;' })).partial, undefined);
  });

  it('of another version gets 505', () => {
    const found = refuse(request({}, 'INVITE sip:a@h SIP/3.0'));
    assert.deepEqual([found.status, found.partial?.method], [505, 'INVITE']);
  });

  it('that is too long gets 513', () => {
    assert.equal(refuse(request({ 'X-Long': 'x'.repeat(70_000) })).status, 513);
    assert.equal(refuse(`${request({ 'Content-Length': '100000' })}${'x'.repeat(100_000)}`).status, 513);
  });

  it('is answered with its own Via, From, To, Call-ID and CSeq', () => {
    const invite = read(
      request({ Via: 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;rport, SIP/2.0/UDP p;branch=z9hG4bKp' }),
    ) as Request;
    const text = formatResponse(responseHead(invite, '192.0.2.9', 6000), { status: 486 }, 'mine');
    const response = read(text);
    assert.ok(text.startsWith('SIP/2.0 486 Busy Here\r\n'));
    assert.deepEqual(headerList(response.headers, 'via'), [
      'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;rport=6000;received=192.0.2.9',
      'SIP/2.0/UDP p;branch=z9hG4bKp',
    ]);
    assert.deepEqual(
      [response.toTag, response.fromTag, response.callId, response.cseq],
      ['mine', 'f', 'c1', 7],
    );
  });

  it('cannot be made to carry a second header by a value from outside', () => {
    const invite = read(request()) as Request;
    const reply = { status: 486, reason: 'No\r\nX-A: 1', headers: [{ name: 'X-B', value: 'b\r\nX-C: 1' }] };
    const response = read(formatResponse(responseHead(invite, 'h', 1), reply, 't'));
    assert.equal(header(response.headers, 'x-a'), undefined);
    assert.equal(header(response.headers, 'x-c'), undefined);
  });
});

describe('trap 13: a 60 kB header', () => {
  /** Milliseconds that reading takes when nothing else has the processor: the least of five. */
  const leastMs = (text: string): number =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const started = process.hrtime.bigint();
        parseMessage(text);
        return Number(process.hrtime.bigint() - started) / 1e6;
      }),
    );

  // 225 ms for one message is what a parser takes that looks at every character with a regular expression.
  it('costs no more than its bytes', () => {
    for (const filler of [',', ';', '"', '<', ' ', '\\', ';a=b', 'a,', '\r\n ']) {
      const ms = leastMs(request({ 'X-Hostile': filler.repeat(60_000 / filler.length) }));
      assert.ok(ms < 20, `${JSON.stringify(filler)}: ${ms} ms`);
    }
  });

  it('in From, Via, To, Contact or Record-Route costs no more either', () => {
    for (const name of ['From', 'Via', 'To', 'Contact', 'Record-Route', 'CSeq']) {
      for (const filler of [',', ';', '"', '<', ';a=b', '<sip:a@h>,', '%']) {
        const ms = leastMs(request({ [name]: `<sip:a@h>${filler.repeat(60_000 / filler.length)}` }));
        assert.ok(ms < 100, `${name} ${JSON.stringify(filler)}: ${ms} ms`);
      }
    }
  });
});

describe('bytes that look like spaces, or like the end of a line', () => {
  const message = (line: string): string =>
    `OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n${line}\r\n\r\n`;

  it('the last byte of an à is no space', () => {
    const parsed = parseMessage(message('Subject: voil\xc3\xa0 \t'));
    assert.ok('message' in parsed);
    assert.equal(parsed.message.headers.at(-1)?.value, 'voil\xc3\xa0');
  });

  it('a line break of another kind is refused, and never comes back in the answer', () => {
    for (const stray of ['\r', '\n', '\0']) {
      const elsewhere = parseMessage(message(`X: a${stray}b`));
      assert.ok('malformed' in elsewhere && elsewhere.status === 400 && elsewhere.partial);
      const echoed = parseMessage(message('X: a').replace('Call-ID: x', `Call-ID: x${stray}Via: y`));
      assert.ok('malformed' in echoed && echoed.partial === undefined);
    }
  });
});
