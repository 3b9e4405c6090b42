import { type Header, header } from '../../wire/sip/header.ts';
import type { Message, Request, Response } from '../../wire/sip/message.ts';
import type { NameAddr } from '../../wire/sip/name-addr.ts';
import { sdpOf } from '../../wire/sip/sdp-body.ts';
import { toPeople } from '../../wire/sip/syntax.ts';
import type { CallEnd, Party, SeenInfo, SeenInvite, SeenResponse } from './api.ts';

/** Wire values as the users of the stack see them: text instead of byte strings. */
export function seenResponse(response: Response): SeenResponse {
  const sdp = sdpOf(response);
  const seen = { status: response.status, reason: toPeople(response.reason), headers: seenHeaders(response) };
  return sdp === undefined ? seen : { ...seen, sdp };
}

export function seenInvite(request: Request): SeenInvite {
  const sdp = sdpOf(request);
  const seen = {
    requestUri: toPeople(request.uri),
    from: party(request.from),
    to: party(request.to),
    callId: toPeople(request.callId),
    headers: seenHeaders(request),
  };
  return sdp === undefined ? seen : { ...seen, sdp };
}

export function seenInfo(request: Request): SeenInfo {
  const type = header(request.headers, 'content-type') ?? '';
  return { type: toPeople(type), body: toPeople(request.body), headers: seenHeaders(request) };
}

export function seenEnd(end: CallEnd): CallEnd {
  return { ...end, reason: toPeople(end.reason), headers: end.headers.map(seenHeader) };
}

export function seenHeaders(message: Message): readonly Header[] {
  return toPeople(message.text) === message.text ? message.headers : message.headers.map(seenHeader);
}

function seenHeader({ name, value }: Header): Header {
  return { name, value: toPeople(value) };
}

function party({ uri, display }: NameAddr): Party {
  return display === '' ? { uri: toPeople(uri) } : { uri: toPeople(uri), displayName: toPeople(display) };
}
