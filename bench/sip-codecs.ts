/**
 * Readers and writers of SIP messages beside each other: ours, SIP.js' and JsSIP's. Those two parse the headers they know
 * with a generated grammar at once, URIs and all; ours checks every mandatory header at once and takes URIs apart when they
 * are asked for. `read` gives what each makes of a message; `reach` adds the same questions to all three, so that all have
 * done the same work and must give the same number.
 */
import { createRequire } from 'node:module';
import type { IncomingRequestMessage } from 'sip.js/lib/core/messages/incoming-request-message.js';
import type { IncomingResponseMessage } from 'sip.js/lib/core/messages/incoming-response-message.js';
import { OutgoingRequestMessage } from 'sip.js/lib/core/messages/outgoing-request-message.js';
import { constructOutgoingResponse } from 'sip.js/lib/core/messages/outgoing-response.js';
import { Parser } from 'sip.js/lib/core/messages/parser.js';
import { Grammar } from 'sip.js/lib/grammar/grammar.js';
import { formatRequest, formatResponse, responseHead } from '../src/wire/sip/format.ts';
import { header, headerList } from '../src/wire/sip/header.ts';
import type { Message, Request } from '../src/wire/sip/message.ts';
import { parseNameAddr } from '../src/wire/sip/name-addr.ts';
import { parseMessage } from '../src/wire/sip/parse.ts';
import { splitList } from '../src/wire/sip/syntax.ts';
import { parseUri } from '../src/wire/sip/uri.ts';

export interface Codec<M> {
  /** `undefined`: it does not take this message. */
  read(text: string): M | undefined;
  /** Reads what a stack asks for: hosts of all URIs and of the Via, tags, numbers, type and length of the body. */
  reach(message: M): number;
  /** A new INVITE with these headers and SDP; `via` is the host. */
  writeRequest(sdp: string): string;
  /** 200 with a tag and SDP. */
  writeResponse(request: M, sdp: string): string;
}

const uris = {
  request: 'sip:+15551234567@127.0.0.1:5090',
  from: 'sip:+18005550100@127.0.0.1',
  to: 'sip:+15551234567@127.0.0.1:5090',
} as const;
const ids = {
  callId: '3b0c2f5e8a7d41969f1e2d3c4b5a6978',
  fromTag: '0f8d2a6c4b1e9375',
  toTag: '77aa21f0c3d5e9b1',
  branch: 'z9hG4bK5f2c1a9be0771.9d0c6a3f5e1b2748',
} as const;
const extra = [
  { name: 'Contact', value: '<sip:127.0.0.1:5060>' },
  { name: 'Allow', value: 'INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE' },
  { name: 'Supported', value: 'outbound' },
  { name: 'User-Agent', value: 'bench' },
];
const extraLines = extra.slice(0, 2).map(({ name, value }) => `${name}: ${value}`);

const hostLength = (uri: string): number => {
  const parsed = parseUri(uri);
  return parsed && 'host' in parsed ? parsed.host.length : 0;
};

const hostOf = (value: string): number => hostLength(parseNameAddr(value)?.uri ?? '');

export const ours: Codec<Message> = {
  read(text) {
    const parsed = parseMessage(text);
    return 'malformed' in parsed ? undefined : parsed.message;
  },
  reach(message) {
    const { via, from, to, headers, cseq, callId, fromTag, toTag } = message;
    let reached = via.host.length + via.branch.length + callId.length + fromTag.length + toTag.length + cseq;
    reached += hostLength(from.uri) + hostLength(to.uri);
    reached += message.kind === 'request' ? hostLength(message.uri) : message.status;
    const contact = header(headers, 'contact');
    if (contact !== undefined) reached += hostOf(splitList(contact)[0] ?? '');
    for (const route of headerList(headers, 'record-route')) reached += hostOf(route);
    reached += Number(header(headers, 'max-forwards') ?? 0);
    return reached + (header(headers, 'content-type')?.length ?? 0) + message.body.length;
  },
  writeRequest: (sdp) =>
    formatRequest(
      {
        method: 'INVITE',
        uri: uris.request,
        callId: ids.callId,
        cseq: 1,
        from: `<${uris.from}>;tag=${ids.fromTag}`,
        to: `<${uris.to}>`,
        routes: [],
        headers: extra,
        sdp,
      },
      `SIP/2.0/UDP 127.0.0.1:5060;branch=${ids.branch};rport`,
    ),
  writeResponse: (request, sdp) =>
    formatResponse(
      responseHead(request as Request, '127.0.0.1', 5060),
      { status: 200, headers: extra, sdp },
      ids.toTag,
    ),
};

interface TheirUri {
  readonly host: string;
}

interface TheirAddress {
  readonly uri: TheirUri;
}

/** SIP.js began as JsSIP; what they read still has the same shape. */
interface Theirs {
  readonly via: { readonly host: string; readonly branch: string };
  readonly from: TheirAddress;
  readonly to: TheirAddress;
  readonly ruri?: TheirUri | null;
  readonly cseq: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, readonly { readonly parsed?: TheirAddress }[]>>;
  parseHeader(name: string): unknown;
}

interface TheirNames {
  readonly callId: string;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
  readonly status: number | undefined;
}

function reachTheirs(message: Theirs, { callId, fromTag, toTag, status }: TheirNames): number {
  const { via, from, to, ruri, cseq, body, headers } = message;
  let reached = via.host.length + via.branch.length + callId.length + cseq;
  reached += (fromTag?.length ?? 0) + (toTag?.length ?? 0);
  reached += from.uri.host.length + to.uri.host.length + (ruri?.host.length ?? 0) + (status ?? 0);
  const contact = headers.Contact?.[0]?.parsed;
  if (contact) reached += contact.uri.host.length;
  for (const route of headers['Record-Route'] ?? []) reached += route.parsed?.uri.host.length ?? 0;
  reached += Number(message.parseHeader('max-forwards') ?? 0);
  const type = message.parseHeader('content-type');
  return reached + (typeof type === 'string' ? type.length : 0) + body.length;
}

type SipJsMessage = IncomingRequestMessage | IncomingResponseMessage;

const silent = { warn: () => {}, error: () => {} } as unknown as Parameters<typeof Parser.parseMessage>[1];
const sipJsUri = (uri: string) => Grammar.URIParse(uri)!;
const sipJsUris = { request: sipJsUri(uris.request), from: sipJsUri(uris.from), to: sipJsUri(uris.to) };

export const sipJs: Codec<SipJsMessage> = {
  read: (text) => Parser.parseMessage(text, silent),
  reach(message) {
    const { callId, fromTag, toTag } = message;
    const status = 'statusCode' in message ? message.statusCode : undefined;
    return reachTheirs(message as unknown as Theirs, { callId, fromTag, toTag, status });
  },
  writeRequest(sdp) {
    const message = new OutgoingRequestMessage(
      'INVITE',
      ...([sipJsUris.request, sipJsUris.from, sipJsUris.to] as const),
      { callId: ids.callId, fromTag: ids.fromTag, viaHost: '127.0.0.1:5060', forceRport: true },
      extraLines,
      { contentDisposition: 'session', contentType: 'application/sdp', content: sdp },
    );
    message.setViaHeader(ids.branch, 'UDP');
    return message.toString();
  },
  writeResponse: (request, sdp) =>
    constructOutgoingResponse(request as IncomingRequestMessage, {
      statusCode: 200,
      toTag: ids.toTag,
      supported: ['outbound'],
      userAgent: 'bench',
      extraHeaders: extraLines,
      body: { contentDisposition: 'session', contentType: 'application/sdp', content: sdp },
    }).message,
};

interface JsSipMessage extends Theirs {
  readonly call_id: string;
  readonly from_tag: string | undefined;
  readonly to_tag: string | undefined;
  readonly status_code?: number;
  server_transaction?: { receiveResponse(status: number, text: string): void };
  parseSDP(again: boolean): { readonly media: readonly unknown[] };
  reply(status: number, reason: string | null, headers: readonly string[], body: string): void;
}

const require = createRequire(import.meta.url);
const jsSipParser = require('jssip/lib/Parser.js') as {
  parseMessage(text: string, agent: object): JsSipMessage | undefined;
};
const { OutgoingRequest } = require('jssip/lib/SIPMessage.js') as {
  OutgoingRequest: new (
    method: string,
    uri: object,
    agent: object,
    params: object,
    headers: readonly string[],
    body: string,
  ) => { setHeader(name: string, value: string): void };
};
const JsSipUri = require('jssip/lib/URI.js') as { parse(uri: string): object };
/** What its messages ask the user agent for. */
const agent = { configuration: { user_agent: 'bench' }, contact: {}, transport: {} };
const jsSipUris = {
  request: JsSipUri.parse(uris.request),
  from: JsSipUri.parse(uris.from),
  to: JsSipUri.parse(uris.to),
};

export const jsSip: Codec<JsSipMessage> & { readSdp(message: JsSipMessage): number } = {
  read: (text) => jsSipParser.parseMessage(text, agent),
  reach: (message) =>
    reachTheirs(message, {
      callId: message.call_id,
      fromTag: message.from_tag,
      toTag: message.to_tag,
      status: message.status_code,
    }),
  writeRequest(sdp) {
    const params = {
      call_id: ids.callId,
      cseq: 1,
      from_uri: jsSipUris.from,
      from_tag: ids.fromTag,
      to_uri: jsSipUris.to,
    };
    const headers = [...extraLines, 'Content-Type: application/sdp'];
    const message = new OutgoingRequest('INVITE', jsSipUris.request, agent, params, headers, sdp);
    message.setHeader('via', `SIP/2.0/UDP 127.0.0.1:5060;branch=${ids.branch};rport`);
    return String(message);
  },
  writeResponse(request, sdp) {
    let written = '';
    request.server_transaction = {
      receiveResponse(_status, text) {
        written = text;
      },
    };
    request.reply(200, null, extraLines, sdp);
    return written;
  },
  readSdp: (message) => message.parseSDP(true).media.length,
};
