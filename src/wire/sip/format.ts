import { type Header, header } from './header.ts';
import type { Answerable } from './message.ts';
import { param, parseParams } from './params.ts';
import { reasonPhrases } from './reason-phrases.ts';
import { fromPeople, fromPeopleOnOneLine } from './syntax.ts';
import { stampVia } from './via.ts';

/** A request without its Via, which is written when its flow is known. `cseq` carries `method`. */
export interface Draft {
  readonly method: string;
  readonly uri: string;
  readonly callId: string;
  readonly cseq: number;
  /** Header values with their tags. */
  readonly from: string;
  readonly to: string;
  readonly routes: readonly string[];
  /** Everything else. */
  readonly headers: readonly Header[];
  readonly sdp?: string;
  /** In place of SDP. */
  readonly body?: Body;
}

export interface Body {
  readonly type: string;
  readonly text: string;
}

/** The bytes of a request, one character each. */
export function formatRequest(draft: Draft, via: string): string {
  let text = `${draft.method} ${draft.uri} SIP/2.0\r\nVia: ${via}\r\n`;
  for (const route of draft.routes) text += `Route: ${route}\r\n`;
  text += `Max-Forwards: 70\r\nFrom: ${draft.from}\r\nTo: ${draft.to}\r\nCall-ID: ${draft.callId}\r\n`;
  text += `CSeq: ${draft.cseq} ${draft.method}\r\n`;
  return text + formatHeaders(draft.headers) + formatBody(draft.body ?? sdpBody(draft.sdp));
}

/** The body of a request as it is sent, one character per byte. */
export function bodyOf({ body, sdp }: Draft): string {
  return fromPeople(body?.text ?? sdp ?? '');
}

function formatHeaders(headers: readonly Header[]): string {
  let text = '';
  for (const h of headers) text += `${h.name}: ${fromPeopleOnOneLine(h.value)}\r\n`;
  return text;
}

function sdpBody(text: string | undefined): Body | undefined {
  return text === undefined ? undefined : { type: 'application/sdp', text };
}

function formatBody(written: Body | undefined): string {
  if (written === undefined) return 'Content-Length: 0\r\n\r\n';
  const body = fromPeople(written.text);
  return `Content-Type: ${written.type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** What every response to one request starts with; made once for each request (RFC 3261 8.2.6.2). */
export interface ResponseHead {
  readonly vias: string;
  readonly to: string;
  readonly hasToTag: boolean;
  readonly rest: string;
}

export function responseHead(request: Answerable, sourceHost: string, sourcePort: number): ResponseHead {
  let vias = '';
  let to = '';
  let rest = '';
  for (const { name, value } of request.headers) {
    if (name === 'via') {
      vias += `Via: ${vias === '' ? stampVia(value, request.via, sourceHost, sourcePort) : value}\r\n`;
    } else if (name === 'to') to ||= `To: ${value}`;
    else if (name === 'from') rest += `From: ${value}\r\n`;
    else if (name === 'call-id') rest += `Call-ID: ${value}\r\n`;
    else if (name === 'cseq') rest += `CSeq: ${value}\r\n`;
  }
  return { vias, to, hasToTag: hasTag(header(request.headers, 'to') ?? ''), rest };
}

function hasTag(to: string): boolean {
  const close = to.lastIndexOf('>');
  const params = to.indexOf(';', Math.max(close, 0));
  return params >= 0 && param(parseParams(to, params) ?? [], 'tag') !== undefined;
}

export interface Reply {
  readonly status: number;
  /** The usual phrase when absent. */
  readonly reason?: string;
  readonly headers?: readonly Header[];
  readonly sdp?: string;
}

/** The bytes of a response, one character each. `toTag` is added where the request has none (RFC 3261 8.2.6.2). */
export function formatResponse(head: ResponseHead, reply: Reply, toTag: string): string {
  const reason = fromPeopleOnOneLine(reply.reason ?? reasonPhrases[reply.status] ?? '');
  const tag = head.hasToTag || head.to === '' || reply.status === 100 ? '' : `;tag=${toTag}`;
  const to = head.to === '' ? '' : `${head.to}${tag}\r\n`;
  return (
    `SIP/2.0 ${reply.status} ${reason}\r\n${head.vias}${to}${head.rest}` +
    formatHeaders(reply.headers ?? []) +
    formatBody(sdpBody(reply.sdp))
  );
}
