/**
 * Reading and writing SIP messages: µs each. Yardstick: JSON.parse and JSON.stringify of an object whose JSON has as many
 * bytes, holding the same headers. Readers of other stacks come beside it once they are development dependencies.
 *
 *     node bench/parse.ts [milliseconds for each figure, 400 when absent]
 */
import { parseSdp } from '../src/wire/sdp/sdp.ts';
import { type Draft, formatRequest, formatResponse, responseHead } from '../src/wire/sip/format.ts';
import type { Message } from '../src/wire/sip/message.ts';
import { parseMessage } from '../src/wire/sip/parse.ts';
import { type Specimen, sdp, specimens, write } from '../test/fuzz/sip-corpus.ts';
import { median, rounded, times } from './figures.ts';

const budgetMs = Number(process.argv[2] ?? 400);
const rounds = 5;

/** µs of one run, the median of several rounds. `sink` keeps the work from being optimized away. */
let sink = 0;
function cost(run: () => number): number {
  for (const warm = performance.now() + budgetMs / 2; performance.now() < warm; ) sink += run();
  const figures = Array.from({ length: rounds }, () => {
    const started = performance.now();
    let count = 0;
    for (const until = started + budgetMs / rounds; performance.now() < until; count += 100)
      for (let n = 0; n < 100; n++) sink += run();
    return ((performance.now() - started) * 1000) / count;
  });
  return median(figures);
}

function read(text: string): Message {
  const parsed = parseMessage(text);
  if ('malformed' in parsed) throw new Error(parsed.malformed);
  return parsed.message;
}

/** The same content as JSON, padded or cut to as many bytes. */
function asJson({ start, headers, body }: Specimen, bytes: number): string {
  const whole = { start, headers: headers.map(([name, value]) => ({ name, value })), body };
  const over = JSON.stringify(whole).length - bytes;
  const cut = {
    ...whole,
    body: over > 0 ? body.slice(0, Math.max(0, body.length - over)) : body.padEnd(body.length - over),
  };
  return JSON.stringify(cut);
}

const [full] = specimens;
const own = specimens.find(({ start }) => start.includes('127.0.0.1:5090'));
const busy = specimens.find(({ start }) => start.startsWith('SIP/2.0 486'));
if (!full || !own || !busy) throw new Error('the corpus has changed');
const long: Specimen = { ...own, headers: [['X', 'x'.repeat(60_000)], ...own.headers] };

const rows = Object.entries({
  'INVITE as we write it': own,
  'INVITE with everything odd': full,
  '486': busy,
  'INVITE with a header of 60 kB': long,
}).map(([message, specimen]) => {
  const text = write(specimen);
  const bytes = Buffer.from(text, 'latin1');
  const json = asJson(specimen, text.length);
  const value: unknown = JSON.parse(json);
  const parsed = read(text);
  const draft: Draft = {
    method: 'INVITE',
    uri: 'sip:+15551234567@127.0.0.1:5090',
    callId: parsed.callId,
    cseq: 1,
    from: '<sip:+18005550100@127.0.0.1>;tag=0f8d2a6c4b1e9375',
    to: '<sip:+15551234567@127.0.0.1:5090>',
    routes: [],
    headers: specimen.headers.slice(-4).map(([name, content]) => ({ name, value: content })),
    sdp,
  };
  const parsing = cost(() => read(text).cseq);
  const yardstick = cost(() => (JSON.parse(json) as { readonly start: string }).start.length);
  return {
    message,
    bytes: text.length,
    'read µs': rounded(parsing),
    'from a Buffer': rounded(cost(() => read(bytes.toString('latin1')).cseq)),
    'JSON.parse µs': rounded(yardstick),
    'of it': times(parsing, yardstick),
    'write µs': rounded(
      parsed.kind === 'request'
        ? cost(
            () => formatResponse(responseHead(parsed, '192.0.2.1', 5060), { status: 200, sdp }, 'tag').length,
          )
        : cost(() => formatRequest(draft, 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx;rport').length),
    ),
    'JSON.stringify µs': rounded(cost(() => JSON.stringify(value).length)),
  };
});
console.table(rows);
console.table([{ 'SDP read': rounded(cost(() => parseSdp(sdp)?.media.length ?? 0)), bytes: sdp.length }]);
console.log(
  `Written is the 200 with SDP to a request, and a new INVITE beside the 486. Aim: a message costs less than 10 µs.${sink < 0 ? ' ' : ''}`,
);
