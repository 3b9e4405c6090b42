import type { Body, Draft } from './format.ts';
import { type Header, header, headerList } from './header.ts';
import type { Message, Request, Response } from './message.ts';
import { parseNameAddr } from './name-addr.ts';
import { param } from './params.ts';
import { ownCopy, splitList } from './syntax.ts';
import { parseUri } from './uri.ts';

/** RFC 3261 12. */
export interface Dialog {
  readonly callId: string;
  /** From and To values of our requests, with tags. */
  readonly local: string;
  readonly remote: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Remote target: the URI of the peer's Contact. */
  readonly target: string;
  /** Route values in the order they are written. */
  readonly routes: readonly string[];
  readonly localCseq: number;
  /** -1 before the peer's first request. */
  readonly remoteCseq: number;
}

function contactUri(headers: readonly Header[]): string | undefined {
  const value = header(headers, 'contact');
  return value === undefined ? undefined : parseNameAddr(splitList(value)[0]!)?.uri;
}

/** RFC 3261 12.1.2. A 2xx without Contact is served as if the peer were still where the INVITE went. */
export function callerDialog(invite: Draft, localTag: string, response: Response): Dialog {
  return {
    callId: invite.callId,
    local: invite.from,
    remote: ownCopy(header(response.headers, 'to') ?? invite.to),
    localTag,
    remoteTag: ownCopy(response.toTag),
    target: ownCopy(contactUri(response.headers) ?? invite.uri),
    routes: headerList(response.headers, 'record-route').toReversed(),
    localCseq: response.cseq,
    remoteCseq: -1,
  };
}

/** RFC 3261 12.1.1; `undefined` when the INVITE has no Contact to talk back to. */
export function calleeDialog(invite: Request, localTag: string): Dialog | undefined {
  const target = contactUri(invite.headers);
  if (target === undefined || target === '*') return undefined;
  return {
    callId: ownCopy(invite.callId),
    local: ownCopy(`${header(invite.headers, 'to')};tag=${localTag}`),
    remote: ownCopy(header(invite.headers, 'from') ?? ''),
    localTag,
    remoteTag: ownCopy(invite.fromTag),
    target: ownCopy(target),
    routes: headerList(invite.headers, 'record-route'),
    localCseq: 0,
    remoteCseq: invite.cseq,
  };
}

/** Target refresh by a re-INVITE or UPDATE, or its 2xx (RFC 3261 12.2.2). */
export function refreshed(dialog: Dialog, message: Message): Dialog {
  const target = contactUri(message.headers);
  return target === undefined || target === dialog.target ? dialog : { ...dialog, target };
}

/** A request inside the dialog (RFC 3261 12.2.1.1). */
export function inDialog(
  dialog: Dialog,
  method: string,
  cseq: number,
  extra: { readonly headers?: readonly Header[]; readonly sdp?: string; readonly body?: Body } = {},
): Draft {
  const { callId, local, remote, target, routes } = dialog;
  const common = { method, callId, cseq, from: local, to: remote, headers: extra.headers ?? [] };
  const first = routes[0] === undefined ? undefined : parseNameAddr(routes[0])?.uri;
  const parsed = first === undefined ? undefined : parseUri(first);
  const strict = first !== undefined && parsed && param(parsed.params, 'lr') === undefined;
  // RFC 3261 12.2.1.1: before a strict router, its URI is the Request-URI and the target comes last.
  const where = strict
    ? { uri: first, routes: [...routes.slice(1), `<${target}>`] }
    : { uri: target, routes };
  const { sdp, body } = extra;
  return { ...common, ...where, ...(sdp === undefined ? {} : { sdp }), ...(body && { body }) };
}

/** The URI that says where a request goes next (RFC 3261 8.1.2). */
export function nextHop(draft: Draft): string {
  const first = draft.routes[0];
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri;
  const parsed = uri === undefined ? undefined : parseUri(uri);
  if (uri === undefined || !parsed) return draft.uri;
  return param(parsed.params, 'lr') === undefined ? draft.uri : uri;
}
