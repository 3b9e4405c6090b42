/** Trap 13: what hostile text costs, counted in characters looked at. Twice the bytes may cost twice as much, not four times. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { worked } from '../../../test/fuzz/meter.ts';
import { findAudio } from '../sdp/audio.ts';
import { parseSdp } from '../sdp/sdp.ts';
import { calleeDialog, inDialog, nextHop } from './dialog.ts';
import { formatRequest, formatResponse, responseHead } from './format.ts';
import { parseMessage } from './parse.ts';
import { q850 } from './reason.ts';
import { hasForeignBody, sdpOf } from './sdp-body.ts';
import { parseUri } from './uri.ts';

const usual = {
  via: 'SIP/2.0/UDP h;branch=z9hG4bK1;rport',
  from: '<sip:a@h>;tag=1',
  to: '<sip:b@h>',
  contact: '<sip:a@h>',
  uri: 'sip:b@h',
};

function invite(change: Partial<typeof usual>, extra = '', body = ''): string {
  const { via, from, to, contact, uri } = { ...usual, ...change };
  return `INVITE ${uri} SIP/2.0\r\nVia: ${via}\r\nFrom: ${from}\r\nTo: ${to}\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: ${contact}\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** Everything that is done with an INVITE before anybody decides on it. */
function take(text: string): void {
  const parsed = parseMessage(text);
  if ('malformed' in parsed) {
    if (parsed.partial)
      formatResponse(responseHead(parsed.partial, '192.0.2.1', 1), { status: parsed.status }, 't');
    return;
  }
  const { message } = parsed;
  hasForeignBody(message);
  q850(message.headers);
  const session = parseSdp(sdpOf(message) ?? '');
  if (session) findAudio(session);
  if (message.kind !== 'request') return;
  parseUri(message.uri);
  formatResponse(responseHead(message, '192.0.2.1', 1), { status: 200 }, 't');
  const dialog = calleeDialog(message, 't');
  if (!dialog) return;
  const bye = inDialog(dialog, 'BYE', 1);
  nextHop(bye);
  formatRequest(bye, 'v');
}

const sdpLines = (line: string, n: number): string =>
  invite({}, 'Content-Type: application/sdp\r\n', `v=0\r\no=-\r\nm=audio 4 RTP/AVP 9\r\n${line.repeat(n)}`);

/** `n` is about a tenth of the bytes. */
const shapes: Readonly<Record<string, (n: number) => string>> = {
  'one long header': (n) => invite({}, `X: ${'x'.repeat(10 * n)}\r\n`),
  'a long header of spaces': (n) => invite({}, `X: y${' '.repeat(10 * n)}z\r\n`),
  'a header folded everywhere': (n) => invite({}, `X: ${'y\r\n '.repeat(2 * n)}z\r\n`),
  'a Via of quotes': (n) => invite({ via: `${usual.via};x=${'"",'.repeat(3 * n)}` }),
  'a Via of many': (n) => invite({ via: `${'SIP/2.0/UDP h;branch=z9hG4bK1, '.repeat(n / 3)}SIP/2.0/UDP h` }),
  'many Vias': (n) => invite({}, 'v: SIP/2.0/UDP a\r\n'.repeat(n / 2)),
  'a From of brackets': (n) => invite({ from: '<'.repeat(10 * n) }),
  'a From of quotes': (n) => invite({ from: `${'"\\"'.repeat(3 * n)}` }),
  'a From of parameters': (n) => invite({ from: `<sip:a@h>${';a=b'.repeat(2 * n)}` }),
  'a To of a long name': (n) => invite({ to: `${'a '.repeat(5 * n)}<sip:b@h>` }),
  'Contacts without end': (n) => invite({ contact: `<sip:a@h>${',<sip:a@h>'.repeat(n)}` }),
  'Contacts in quotes': (n) => invite({ contact: `<sip:a@h>${',"'.repeat(5 * n)}` }),
  'Contacts in brackets': (n) => invite({ contact: `<sip:a@h>${',<'.repeat(5 * n)}` }),
  'routes without end': (n) => invite({}, `Record-Route: <sip:p;lr>${',<sip:p>'.repeat(n)}\r\n`),
  'routes in many headers': (n) =>
    invite({}, `Record-Route: ${'<sip:p;lr>,'.repeat(n / 100)}<sip:q>\r\n`.repeat(100)),
  'routes that do not end': (n) => invite({}, `Record-Route: ${',"<'.repeat(3 * n)}\r\n`),
  'reasons without end': (n) => invite({}, `Reason: ${'SIP;x="y",'.repeat(n)}Q.850;cause=1\r\n`),
  'a long Request-URI': (n) => invite({ uri: `sip:${':@?;'.repeat(n / 4)}@h` }),
  'a tel of digits': (n) => invite({ uri: `tel:+${'1'.repeat(n)}` }),
  'a part after the other': (n) =>
    invite({}, 'Content-Type: multipart/mixed;boundary=b\r\n', '--b\r\n\r\n'.repeat(n)),
  'a part of many headers': (n) =>
    invite({}, 'Content-Type: multipart/mixed;boundary=b\r\n', `--b${'\r\nc : x'.repeat(n)}\r\n\r\nx--b--`),
  'a disposition of semicolons': (n) => invite({}, `Content-Disposition: ${'; \t'.repeat(3 * n)}\r\n`, 'x'),
  'SDP of attributes': (n) => sdpLines('a=x\r\n', n / 6),
  'SDP of maps': (n) => sdpLines('a=rtpmap:0 x/8000\r\n', n / 6),
  'SDP of streams': (n) => sdpLines('m=audio 4 RTP/AVP 0\r\n', n / 6),
  'SDP of spaces': (n) =>
    invite({}, 'Content-Type: application/sdp\r\n', `v=0\r\no=-\r\nm=audio${' '.repeat(3 * n)}x`),
};

describe('trap 13: hostile text', () => {
  for (const [name, shape] of Object.entries(shapes)) {
    it(`of ${name} costs what its length says`, () => {
      const [small, large] = [shape(1500), shape(6000)];
      assert.ok(large.length < 140_000, `${large.length}`);
      const [few, many] = [worked(() => take(small)), worked(() => take(large))];
      assert.ok(many <= 4.5 * few + 2000, `${small.length} bytes cost ${few}, ${large.length} bytes ${many}`);
      // Nothing is looked at more than a few times.
      assert.ok(many <= 24 * large.length + 4000, `${large.length} bytes cost ${many}`);
    });
  }
});
