import { type Param, param, parseParams } from './params.ts';
import { isTokenCode, skipSpace, topCommaFrom, trimSpace } from './syntax.ts';
import { bracketed, parseHostPort } from './uri.ts';

export interface Via {
  /** `UDP`, `TCP`…, in upper case. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string;
  /** Present (even without a value): the sender wants the response where the request came from (RFC 3581). */
  readonly rport: boolean;
  /** Where this element ends in the header value it stands in. */
  readonly end: number;
}

/** Reads the first element of a Via value; `undefined` when it is none. */
export function parseTopVia(value: string): Via | undefined {
  const end = topCommaFrom(value, 0);
  let i = readWord(value, 0, 'SIP');
  // Any version: a request of another one is owed its 505 (RFC 3261 8.2.2, RFC 4475 3.1.2.16).
  i = i < 0 ? i : readToken(value, readSlash(value, i));
  const transportAt = i < 0 ? -1 : readSlash(value, i);
  if (transportAt < 0) return undefined;
  i = transportAt;
  while (i < end && isTokenCode(value.charCodeAt(i))) i++;
  const hostAt = skipSpace(value, i);
  if (i === transportAt || hostAt === i) return undefined;
  const semicolon = value.indexOf(';', hostAt);
  const hostEnd = semicolon < 0 || semicolon > end ? end : semicolon;
  const written = trimSpace(value.slice(hostAt, hostEnd));
  const hostPort = parseHostPort(/[ \t]/.test(written) ? written.replace(/[ \t]+/g, '') : written);
  const params = hostPort && parseParams(end === value.length ? value : value.slice(0, end), hostEnd);
  if (!hostPort || !params) return undefined;
  return {
    transport: value.slice(transportAt, i).toUpperCase(),
    host: hostPort.host,
    port: hostPort.port,
    branch: param(params, 'branch') ?? '',
    rport: param(params, 'rport') !== undefined,
    end,
  };
}

function readWord(value: string, from: number, word: string): number {
  const at = from < 0 ? -1 : skipSpace(value, from);
  if (at < 0 || value.slice(at, at + word.length).toUpperCase() !== word) return -1;
  return at + word.length;
}

function readToken(value: string, from: number): number {
  let at = from;
  while (at >= 0 && isTokenCode(value.charCodeAt(at))) at++;
  return at === from ? -1 : at;
}

function readSlash(value: string, from: number): number {
  const at = from < 0 ? -1 : skipSpace(value, from);
  return at >= 0 && value[at] === '/' ? skipSpace(value, at + 1) : -1;
}

/**
 * The Via value with `received` and `rport` of its first element filled in.
 * RFC 3261 18.2.1: `received` when the sent-by host is not the source address; RFC 3581 4: and whenever `rport` is asked for.
 */
export function stampVia(value: string, via: Via, host: string, port: number): string {
  if (!via.rport && via.host === host) return value;
  const top = value.slice(0, via.end);
  const params = parseParams(top, top.indexOf(';') < 0 ? top.length : top.indexOf(';')) ?? [];
  let stamped = top.indexOf(';') < 0 ? top : top.slice(0, top.indexOf(';')).trimEnd();
  for (const p of params) if (p.name !== 'received' && p.name !== 'rport') stamped += formatParam(p);
  if (via.rport) stamped += `;rport=${port}`;
  return `${stamped};received=${bracketed(host)}${value.slice(via.end)}`;
}

function formatParam(p: Param): string {
  return p.value === '' ? `;${p.name}` : `;${p.name}=${p.value}`;
}
