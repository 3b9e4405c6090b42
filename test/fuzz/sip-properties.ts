/** What holds for every input whatsoever, and one input after the other that shall hold it. */
import assert from 'node:assert/strict';
import { calleeDialog, callerDialog, inDialog, nextHop } from '../../src/wire/sip/dialog.ts';
import { formatRequest, formatResponse, responseHead } from '../../src/wire/sip/format.ts';
import { nextFrame } from '../../src/wire/sip/frame.ts';
import { header, headerList } from '../../src/wire/sip/header.ts';
import type { Malformed, Message } from '../../src/wire/sip/message.ts';
import { defaultLimits, parseMessage } from '../../src/wire/sip/parse.ts';
import { q850 } from '../../src/wire/sip/reason.ts';
import { hasForeignBody, sdpOf } from '../../src/wire/sip/sdp-body.ts';
import { parseUri } from '../../src/wire/sip/uri.ts';
import { one, type Random } from './random.ts';
import { type Specimen, specimens, write } from './sip-corpus.ts';
import { defects, reword } from './sip-mutations.ts';
import { wreck } from './wreck.ts';

export type Outcome =
  | 'reworded'
  | 'spoilt'
  | 'wrecked and read'
  | 'wrecked and refused'
  | 'wrecked and dropped';

const statuses = new Set([400, 505, 513]);

/** The message again in our words: one line for each header, long names. */
function writeMessage(message: Message): string {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  return write({
    start,
    headers: message.headers.map(({ name, value }) => [name, value]),
    body: message.body,
  });
}

function holdsRead(message: Message): void {
  const again = parseMessage(writeMessage(message));
  assert.ok('message' in again, 'malformed' in again ? again.malformed : '');
  assert.deepEqual({ ...again.message, text: '' }, { ...message, text: '' });
  q850(message.headers);
  hasForeignBody(message);
  sdpOf(message);
  headerList(message.headers, 'record-route');
  if (message.kind === 'request') {
    parseUri(message.uri);
    holdsAnswer(message, 200);
    const dialog = calleeDialog(message, 't');
    if (dialog) holdsWritten(inDialog(dialog, 'BYE', 1));
    return;
  }
  const to = header(message.headers, 'to') ?? '';
  const invite = {
    method: 'INVITE',
    uri: 'sip:b@h',
    callId: 'x',
    cseq: 1,
    from: '<sip:a@h>;tag=l',
    to,
    routes: [],
    headers: [],
  };
  holdsWritten(inDialog(callerDialog(invite, 'l', message), 'BYE', 2));
}

/** What we say back is itself a message, one alone, and about the same. */
function holdsAnswer(
  request: Parameters<typeof responseHead>[0] & { readonly callId?: string },
  status: number,
): void {
  const text = formatResponse(responseHead(request, '192.0.2.77', 1234), { status }, 'ours');
  assert.equal(text.indexOf('\r\n\r\n'), text.length - 4);
  assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(text), 'a line break of its own came back');
  const answer = parseMessage(text);
  if (request.callId === undefined) return;
  assert.ok('message' in answer, 'malformed' in answer ? answer.malformed : '');
  assert.equal(answer.message.callId, request.callId);
  assert.equal(answer.message.via.branch, request.via.branch);
}

function holdsWritten(draft: ReturnType<typeof inDialog>): void {
  nextHop(draft);
  const text = formatRequest(draft, 'SIP/2.0/UDP h;branch=z9hG4bKours');
  assert.equal(text.indexOf('\r\n\r\n'), text.length - 4);
}

function holdsRefused({ status, partial }: Malformed, text: string): void {
  assert.ok(statuses.has(status), `${status}`);
  if (!partial) return;
  assert.ok(!text.trimStart().startsWith('SIP/2.0 '), 'a response is answered');
  holdsAnswer({ ...partial }, status);
}

/** TCP and UDP read the same message from the same bytes. */
function holdsFramed(text: string): void {
  const frame = nextFrame(Buffer.from(text, 'latin1'), 0, defaultLimits);
  if (frame.kind !== 'message') return;
  const parsed = parseMessage(frame.text);
  if ('malformed' in parsed) return;
  const { body } = parsed.message;
  assert.equal(frame.text.length, frame.text.indexOf('\r\n\r\n') + 4 + body.length, 'framed another body');
}

const isRequest = ({ start }: Specimen): boolean => !start.startsWith('SIP/2.0 ');
const originals = specimens.map((specimen) => {
  const parsed = parseMessage(write(specimen));
  assert.ok('message' in parsed, `${specimen.start}: ${'malformed' in parsed && parsed.malformed}`);
  return { specimen, message: parsed.message };
});
const requests = originals.filter(({ specimen }) => isRequest(specimen));
const defectNames = Object.keys(defects);

function holdsReworded(next: Random): Outcome {
  const { specimen, message } = one(next, originals);
  const text = write(reword(specimen, next));
  const parsed = parseMessage(text);
  assert.ok('message' in parsed, 'malformed' in parsed ? parsed.malformed : '');
  const read = parsed.message;
  for (const part of ['kind', 'callId', 'cseq', 'cseqMethod', 'fromTag', 'toTag', 'body'] as const)
    assert.equal(read[part], message[part], part);
  assert.equal(read.via.branch, message.via.branch);
  assert.equal(sdpOf(read), sdpOf(message));
  holdsRead(read);
  holdsFramed(text);
  return 'reworded';
}

function holdsSpoilt(next: Random): Outcome {
  const { specimen } = one(next, requests);
  const name = one(next, defectNames);
  const [owed, spoil] = defects[name]!;
  const text = write(spoil(reword(specimen, next), next));
  const parsed = parseMessage(text);
  assert.ok('malformed' in parsed, `${name} was read`);
  assert.deepEqual(
    [parsed.status, parsed.partial !== undefined],
    [owed, true],
    `${name}: ${parsed.malformed}`,
  );
  holdsRefused(parsed, text);
  return 'spoilt';
}

function holdsWrecked(next: Random): Outcome {
  const text = wreck(write(one(next, specimens)), write(one(next, specimens)), next);
  const parsed = parseMessage(text);
  holdsFramed(text);
  if ('message' in parsed) {
    holdsRead(parsed.message);
    return 'wrecked and read';
  }
  holdsRefused(parsed, text);
  return parsed.partial ? 'wrecked and refused' : 'wrecked and dropped';
}

/** One input; throws when something does not hold. */
export function fuzzSip(next: Random): Outcome {
  const kind = next(10);
  if (kind < 3) return holdsReworded(next);
  return kind < 5 ? holdsSpoilt(next) : holdsWrecked(next);
}
