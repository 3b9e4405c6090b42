import { type Header, header, longName } from './header.ts';
import type { Answerable, Malformed, Message } from './message.ts';
import { isUriText, type NameAddr, parseNameAddr } from './name-addr.ts';
import { param } from './params.ts';
import { hasControls, isToken, readNumber, skipSpace, splitList, trimSpace } from './syntax.ts';
import { parseTopVia, type Via } from './via.ts';

export interface ParseLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

export const defaultLimits: ParseLimits = { headerBytes: 65_536, bodyBytes: 65_536 };

const MAX_START_LINE = 8192;
const MAX_HEADERS = 256;
const MAX_CSEQ = 2 ** 31 - 1; // RFC 3261 8.1.1.5

type StartLine =
  | { readonly method: string; readonly uri: string; readonly version: string }
  | { readonly status: number; readonly reason: string };

/** Reads one message; `text` holds one character per byte. Bytes beyond Content-Length are left out (RFC 3261 18.3). */
export function parseMessage(
  text: string,
  limits: ParseLimits = defaultLimits,
): { readonly message: Message } | Malformed {
  let at = 0;
  while (text.startsWith('\r\n', at)) at += 2;
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd < 0 || lineEnd - at > MAX_START_LINE) return bad('no start line');
  const start = parseStartLine(text.slice(at, lineEnd));
  if (!start) {
    // RFC 4475 3.1.2: a request line with stray spaces or brackets is still a request, and is owed its 400.
    const method = text.slice(at, text.indexOf(' ', at));
    const read = readHeaders(text, lineEnd + 2, limits);
    return bad('bad start line', 400, isToken(method) ? answerable(method, read.headers) : undefined);
  }
  const read = readHeaders(text, lineEnd + 2, limits);
  const method = 'method' in start ? start.method : '';
  // Only what cannot be read needs it.
  const partial = (): Answerable | undefined =>
    method === '' ? undefined : answerable(method, read.headers);
  if ('version' in start && start.version !== '2.0') return bad('SIP version is not 2.0', 505, partial());
  if ('problem' in read) return bad(read.problem, read.status, partial());
  return readMessage(text, start, read.headers, read.bodyAt, limits, partial);
}

function bad(malformed: string, status = 400, partial?: Answerable): Malformed {
  return partial ? { malformed, status, partial } : { malformed, status };
}

const echoed: ReadonlySet<string> = new Set(['via', 'from', 'to', 'call-id', 'cseq']);

function answerable(method: string, headers: readonly Header[]): Answerable | undefined {
  // What would be echoed must not be able to end a line of the answer.
  if (headers.some(({ name, value }) => echoed.has(name) && hasControls(value))) return undefined;
  const value = header(headers, 'via');
  const via = value === undefined ? undefined : parseTopVia(value);
  return via && { method, headers, via };
}

function parseStartLine(line: string): StartLine | undefined {
  if (line.startsWith('SIP/2.0 ')) {
    const status = readNumber(line.slice(8, 11), 3);
    if (status < 100 || status > 699 || (line.length > 11 && line[11] !== ' ')) return undefined;
    return { status, reason: line.slice(12) };
  }
  const first = line.indexOf(' ');
  const second = line.indexOf(' ', first + 1);
  const method = line.slice(0, first);
  const uri = line.slice(first + 1, second);
  const version = line.slice(second + 1);
  if (second < 0 || !isToken(method) || !/^SIP\/\d+\.\d+$/i.test(version) || !isRequestUri(uri))
    return undefined;
  return { method, uri, version: version.slice(4) };
}

// RFC 3261 19.1.1, table 1: a Request-URI carries no headers.
function isRequestUri(uri: string): boolean {
  return isUriText(uri) && !(/^sips?:/i.test(uri) && uri.includes('?', uri.lastIndexOf('@') + 1));
}

type HeadersRead =
  | { readonly headers: readonly Header[]; readonly bodyAt: number }
  | { readonly headers: readonly Header[]; readonly problem: string; readonly status: number };

function readHeaders(text: string, from: number, limits: ParseLimits): HeadersRead {
  const headers: Header[] = [];
  const problem = (why: string, status = 400): HeadersRead => ({ headers, problem: why, status });
  let at = from;
  for (;;) {
    let end = text.indexOf('\r\n', at);
    if (end < 0) return problem('the header section does not end');
    if (end === at) return { headers, bodyAt: end + 2 };
    if (headers.length === MAX_HEADERS) return problem('too many headers');
    const first = end;
    // RFC 3261 7.3.1: a line that starts with space continues the one before.
    for (let c = text.charCodeAt(end + 2); c === 32 || c === 9; c = text.charCodeAt(end + 2)) {
      end = text.indexOf('\r\n', end + 2);
      if (end < 0) return problem('the header section does not end');
    }
    if (end - from > limits.headerBytes) return problem('the header section is too long', 513);
    const colon = text.indexOf(':', at);
    if (colon < 0 || colon > first) return problem('a header without colon');
    const name = trimSpace(text.slice(at, colon));
    if (!isToken(name)) return problem('a header name that is no token');
    const value = text.slice(colon + 1, end);
    headers.push({
      name: longName(name),
      value: trimSpace(end === first ? value : value.replace(/\r\n[ \t]+/g, ' ')),
    });
    at = end + 2;
  }
}

interface Mandatory {
  via?: Via;
  from?: NameAddr;
  to?: NameAddr;
  callId?: string;
  cseq?: string;
  length?: string;
  maxForwards?: string;
}

/** Reads the headers that every message is matched by; a string says what is wrong with them. */
function readMandatory(headers: readonly Header[]): Mandatory | string {
  const seen: Mandatory = {};
  for (const { name, value } of headers) {
    if (hasControls(value)) return 'a line break or NUL inside a header';
    switch (name) {
      case 'via': {
        if (seen.via) break;
        const via = parseTopVia(value);
        if (!via) return 'bad Via';
        seen.via = via;
        break;
      }
      case 'from':
      case 'to': {
        const party = parseNameAddr(value);
        if (!party || seen[name]) return party ? `two ${name}` : `bad ${name}`;
        seen[name] = party;
        break;
      }
      case 'call-id':
        if (value === '' || seen.callId !== undefined) return 'bad Call-ID';
        seen.callId = value;
        break;
      case 'cseq':
        if (seen.cseq !== undefined) return 'two CSeq';
        seen.cseq = value;
        break;
      case 'content-length':
        if (seen.length !== undefined && seen.length !== value) return 'two Content-Length';
        seen.length = value;
        break;
      case 'max-forwards':
        if (seen.maxForwards !== undefined || !isMaxForwards(value)) return 'bad Max-Forwards';
        seen.maxForwards = value;
        break;
      case 'contact':
        if (!isContact(value)) return 'bad Contact';
        break;
      case 'date':
        // RFC 3261 20.17: the time zone is GMT.
        if (!value.endsWith('GMT')) return 'bad Date';
        break;
    }
  }
  return seen;
}

function isMaxForwards(value: string): boolean {
  const n = readNumber(value, 10);
  return n >= 0 && n <= 255; // RFC 3261 20.22
}

function isContact(value: string): boolean {
  return value === '*' || splitList(value).every((element) => parseNameAddr(element) !== undefined);
}

function readMessage(
  text: string,
  start: StartLine,
  headers: readonly Header[],
  bodyAt: number,
  limits: ParseLimits,
  partial: () => Answerable | undefined,
): { readonly message: Message } | Malformed {
  const seen = readMandatory(headers);
  if (typeof seen === 'string') return bad(seen, 400, partial());
  const { via, from, to, callId } = seen;
  if (!via || !from || !to || callId === undefined || seen.cseq === undefined) {
    return bad('Via, From, To, Call-ID or CSeq is missing', 400, partial());
  }
  const numberEnd = /[ \t]/.exec(seen.cseq)?.index ?? -1;
  const cseq = numberEnd < 0 ? -1 : readNumber(seen.cseq.slice(0, numberEnd), 10);
  const cseqMethod = seen.cseq.slice(skipSpace(seen.cseq, numberEnd));
  if (cseq < 0 || cseq > MAX_CSEQ || !isToken(cseqMethod)) return bad('bad CSeq', 400, partial());
  // RFC 3261 8.1.1.5: the method of the CSeq is that of the request.
  if ('method' in start && start.method !== cseqMethod) return bad('CSeq of another method', 400, partial());
  const length = seen.length === undefined ? text.length - bodyAt : readNumber(seen.length, 9);
  if (length < 0) return bad('bad Content-Length', 400, partial());
  if (length > limits.bodyBytes) return bad('the body is too long', 513, partial());
  if (bodyAt + length > text.length) return bad('the body is shorter than Content-Length', 400, partial());
  const common = {
    text,
    headers,
    body: length === 0 ? '' : text.slice(bodyAt, bodyAt + length),
    via,
    from,
    to,
    fromTag: param(from.params, 'tag') ?? '',
    toTag: param(to.params, 'tag') ?? '',
    callId,
    cseq,
    cseqMethod,
  };
  if ('method' in start)
    return { message: { kind: 'request', method: start.method, uri: start.uri, ...common } };
  return { message: { kind: 'response', status: start.status, reason: start.reason, ...common } };
}
