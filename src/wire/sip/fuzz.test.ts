import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findAudio } from '../sdp/audio.ts';
import { parseSdp } from '../sdp/sdp.ts';
import { calleeDialog, callerDialog, inDialog, nextHop } from './dialog.ts';
import { formatRequest, formatResponse, responseHead } from './format.ts';
import { nextFrame } from './frame.ts';
import { defaultLimits, parseMessage } from './parse.ts';
import { q850 } from './reason.ts';
import { hasForeignBody, sdpOf } from './sdp-body.ts';
import { parseUri } from './uri.ts';

const sdp =
  'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n';

const seeds = [
  `INVITE sip:+15551234567@h;user=phone SIP/2.0\r\nVia: SIP/2.0/UDP h:5060;branch=z9hG4bK1;rport\r\nVia: SIP/2.0/TCP [2001:db8::1]:5;branch=z9hG4bK2\r\nMax-Forwards: 70\r\nFrom: "A \\"B\\"" <sip:a@h>;tag=1\r\nTo: tel:+1555\r\nCall-ID: x@h\r\nCSeq: 1 INVITE\r\nContact: <sip:a@192.0.2.3:5070;transport=tcp>;q=0.7\r\nRecord-Route: <sip:p1;lr>, <sip:p2>\r\nReason: Q.850;cause=17;text="busy"\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`,
  'SIP/2.0 183 Session Progress\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: sip:a@h;tag=1\r\nt: <sip:b@h>;tag=2\r\ni: x\r\nCSeq: 1 INVITE\r\nm: <sip:b@h>\r\nl: 0\r\n\r\n',
  `UPDATE sip:b@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK9\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: x\r\nCSeq: 2 UPDATE\r\nContent-Type: multipart/mixed;boundary="b"\r\nContent-Length: ${sdp.length + 54}\r\n\r\n--b\r\nContent-Type: application/sdp\r\n\r\n${sdp}\r\n--b--    \r\n`,
];

/** The same sequence for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const snippets = [
  '\r\n',
  ';',
  ',',
  '<',
  '>',
  '"',
  ':',
  ' ',
  '\\',
  '=',
  '@',
  '%',
  '\0',
  '\xff',
  ';;',
  '\r\n ',
  'SIP/2.0',
  'm=',
  'a=',
  '-1',
  '99999999999',
  '[',
  ']',
];

function mutate(text: string, next: (below: number) => number): string {
  let mutated = text;
  for (let n = next(6); n >= 0; n--) {
    const at = next(mutated.length + 1);
    const kind = next(4);
    if (kind === 0) mutated = mutated.slice(0, at) + snippets[next(snippets.length)]! + mutated.slice(at);
    else if (kind === 1) mutated = mutated.slice(0, at) + mutated.slice(at + 1 + next(20));
    else if (kind === 2)
      mutated = mutated.slice(0, at) + String.fromCharCode(next(256)) + mutated.slice(at + 1);
    else
      mutated =
        mutated.slice(0, at) + mutated.slice(next(mutated.length + 1), at + next(60)) + mutated.slice(at);
  }
  return mutated;
}

describe('hostile input', () => {
  it('never throws in 20,000 mutations of SIP messages', () => {
    const next = random(20_261_123);
    let read = 0;
    for (let n = 0; n < 20_000; n++) {
      const text = mutate(seeds[n % seeds.length]!, next);
      const parsed = parseMessage(text);
      nextFrame(Buffer.from(text, 'latin1'), 0, defaultLimits);
      if ('malformed' in parsed) {
        if (parsed.partial)
          formatResponse(responseHead(parsed.partial, 'h', 1), { status: parsed.status }, 't');
        continue;
      }
      read += 1;
      const { message } = parsed;
      q850(message.headers);
      hasForeignBody(message);
      const body = sdpOf(message);
      const session = body === undefined ? undefined : parseSdp(body);
      if (session) findAudio(session);
      if (message.kind === 'request') {
        parseUri(message.uri);
        formatResponse(responseHead(message, 'h', 1), { status: 200 }, 't');
        const dialog = calleeDialog(message, 't');
        if (dialog) nextHop(inDialog(dialog, 'BYE', 1));
      } else {
        const invite = {
          method: 'INVITE',
          uri: 'sip:b@h',
          callId: 'x',
          cseq: 1,
          from: '',
          to: '',
          routes: [],
          headers: [],
        };
        formatRequest(inDialog(callerDialog(invite, 'l', message), 'BYE', 2), 'v');
      }
    }
    assert.ok(read > 2000, `${read} were read: the mutations are too wild to reach far`);
  });

  it('never throws in 20,000 mutations of SDP', () => {
    const next = random(7);
    let usable = 0;
    for (let n = 0; n < 20_000; n++) {
      const session = parseSdp(mutate(sdp, next));
      if (session && !('unusable' in findAudio(session))) usable += 1;
    }
    assert.ok(usable > 2000, `${usable} were usable`);
  });
});
