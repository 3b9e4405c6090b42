import { type Param, parseParams } from './params.ts';
import { fromPeopleOnOneLine, readNumber } from './syntax.ts';

export type Uri =
  | {
      readonly scheme: 'sip' | 'sips';
      /** As written, escapes included; empty when the URI has none. */
      readonly user: string;
      /** IPv6 without brackets. */
      readonly host: string;
      readonly port: number | undefined;
      readonly params: readonly Param[];
      /** What follows `?`, as written. */
      readonly headers: string;
    }
  | { readonly scheme: 'tel'; readonly number: string; readonly params: readonly Param[] };

const MAX_URI = 2048;

/** `undefined` for what is no `sip:`, `sips:` or `tel:` URI. */
export function parseUri(text: string): Uri | undefined {
  if (text.length > MAX_URI) return undefined;
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === 'tel') return parseTel(text.slice(colon + 1));
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  // RFC 3261 25.1: user may hold `;` and `?`, the host part never holds `@`.
  const at = text.lastIndexOf('@');
  const user = at < 0 ? '' : text.slice(colon + 1, at).replace(/:.*$/s, '');
  const hostAt = at < 0 ? colon + 1 : at + 1;
  const question = text.indexOf('?', hostAt);
  const end = question < 0 ? text.length : question;
  const semicolon = text.indexOf(';', hostAt);
  const hostEnd = semicolon < 0 || semicolon > end ? end : semicolon;
  const hostPort = parseHostPort(text.slice(hostAt, hostEnd));
  if (!hostPort) return undefined;
  const params = parseParams(text.slice(hostEnd, end), 0) ?? [];
  return { scheme, user, ...hostPort, params, headers: question < 0 ? '' : text.slice(question + 1) };
}

function parseTel(rest: string): Uri | undefined {
  const semicolon = rest.indexOf(';');
  const number = semicolon < 0 ? rest : rest.slice(0, semicolon);
  if (!/^\+?[0-9A-Fa-f*#().-]+$/.test(number)) return undefined;
  return { scheme: 'tel', number, params: semicolon < 0 ? [] : (parseParams(rest, semicolon) ?? []) };
}

export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
}

export function parseHostPort(text: string): HostPort | undefined {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    const host = text.slice(1, close);
    if (close < 0 || !/^[0-9A-Fa-f:.]+$/.test(host)) return undefined;
    return withPort(host, text.slice(close + 1));
  }
  const colon = text.indexOf(':');
  const host = colon < 0 ? text : text.slice(0, colon);
  if (!isHost(host)) return undefined;
  return withPort(host, colon < 0 ? '' : text.slice(colon));
}

function withPort(host: string, colonPort: string): HostPort | undefined {
  if (colonPort === '') return { host, port: undefined };
  const port = colonPort[0] === ':' ? readNumber(colonPort.slice(1), 5) : -1;
  // Nothing can be sent to port 0.
  return port < 1 || port > 65535 ? undefined : { host, port };
}

function isHost(host: string): boolean {
  for (let i = 0; i < host.length; i++) {
    const c = host.charCodeAt(i);
    const ok =
      (c >= 97 && c <= 122) ||
      (c >= 48 && c <= 57) ||
      c === 46 ||
      c === 45 ||
      (c >= 65 && c <= 90) ||
      c === 95;
    if (!ok) return false;
  }
  return host.length > 0;
}

/** Host as it stands in a URI or Via: IPv6 in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Undoes `%XX`; bytes that do not form UTF-8 stay escaped. */
export function unescapeUser(user: string): string {
  if (!user.includes('%')) return user;
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** What must not stand in a URI is escaped, so that no URI can end its header. */
export function safeUri(uri: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about control characters
  return fromPeopleOnOneLine(uri.replace(/[\x00-\x20\x7f<>"]/g, encodeURIComponent));
}
