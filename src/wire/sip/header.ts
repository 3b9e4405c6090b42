import { splitList } from './syntax.ts';

/** In a received message `name` is in lower case, long form; in one to send, as it shall stand on the wire. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

// RFC 3261 7.3.3 and the registry of compact forms.
const compact: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

const usual = [
  'Accept Allow Allow-Events Call-ID Contact Content-Disposition Content-Encoding Content-Length Content-Type CSeq Date',
  'Event Expires From Max-Forwards Min-SE P-Asserted-Identity Privacy Proxy-Authorization Proxy-Authenticate RAck Reason',
  'Record-Route Refer-To Require Retry-After Route RSeq Server Session-Expires Supported To Unsupported User-Agent Via',
]
  .join(' ')
  .split(' ');

const longNames = new Map<string, string>();
for (const name of usual) {
  longNames.set(name, name.toLowerCase());
  longNames.set(name.toLowerCase(), name.toLowerCase());
}
for (const [short, long] of Object.entries(compact)) {
  longNames.set(short, long);
  longNames.set(short.toUpperCase(), long);
}

/** The lower-case long form of a header name as written. */
export function longName(written: string): string {
  return longNames.get(written) ?? written.toLowerCase();
}

/** The first value of a header; `name` in lower case, long form. */
export function header(headers: readonly Header[], name: string): string | undefined {
  for (const h of headers) if (h.name === name) return h.value;
  return undefined;
}

/** Every element of every header of that name, commas undone. */
export function headerList(headers: readonly Header[], name: string): readonly string[] {
  const found: string[] = [];
  for (const h of headers) {
    if (h.name === name) for (const element of splitList(h.value)) found.push(element);
  }
  return found;
}
