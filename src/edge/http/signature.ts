/** HMAC-SHA256 request signing (reference: auth, request signing), checked against every key of every resource. */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { objectsPath } from '../../wire/rest/recording-content.ts';
import type { Resource } from './dependencies.ts';

export interface SigningKey {
  readonly resource: Resource;
  /** Names the key without telling anything of it: the start of its SHA-256. */
  readonly name: string;
  readonly key: KeyObject;
}

/** What of a request is signed. */
export interface Signed {
  readonly method: string;
  /** As sent, not decoded. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Claim {
  /** As named by the client, in its order, in lower case. */
  readonly signedHeaders: readonly string[];
  /** Base64 of 32 bytes, in its one standard spelling. */
  readonly signature: string;
}

const EMPTY_HASH = hash('sha256', '', 'base64');

export function hashBody(body: Buffer): string {
  return body.length === 0 ? EMPTY_HASH : hash('sha256', body, 'base64');
}

/** `key` as it stands in a connection string. */
export const keyName = (key: string): string => hash('sha256', key, 'hex').slice(0, 16);

export function signingKeys(resources: readonly Resource[]): readonly SigningKey[] {
  return resources.flatMap((resource) =>
    resource.keys.map((key) => ({
      resource,
      name: keyName(key),
      key: createSecretKey(Buffer.from(key, 'base64')),
    })),
  );
}

const usual = ['x-ms-date', 'host', 'x-ms-content-sha256'] as const;
const usualPrefix = `HMAC-SHA256 SignedHeaders=${usual.join(';')}&Signature=`;

const standard = (base64: string): string =>
  /^[A-Za-z0-9+/]{43}=$/.test(base64) ? base64 : Buffer.from(base64, 'base64').toString('base64');

/** Undefined: not the form of a signature. */
export function readClaim(authorization: string): Claim | undefined {
  if (authorization.startsWith(usualPrefix)) {
    return {
      signedHeaders: usual,
      signature: standard(authorization.slice(usualPrefix.length)),
    };
  }
  const parts = /^HMAC-SHA256\s+SignedHeaders=([\w;-]+)&Signature=([\w+/=-]+)$/i.exec(authorization);
  if (!parts?.[1] || !parts[2]) return undefined;
  return { signedHeaders: parts[1].toLowerCase().split(';'), signature: standard(parts[2]) };
}

/** `x-ms-date` wins where both are sent, also under the name `date`; what is signed is what is judged for age. */
export function signedDate(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-ms-date'];
  return typeof own === 'string' ? own : headers.date;
}

export function headerValue(name: string, headers: IncomingHttpHeaders): string {
  const value = name === 'date' || name === 'x-ms-date' ? signedDate(headers) : headers[name];
  return typeof value === 'string' ? value : '';
}

/** Everything that decides what a request means must be under the signature. */
export function missingFrom(signedHeaders: readonly string[]): string | undefined {
  if (!signedHeaders.includes('x-ms-date') && !signedHeaders.includes('date')) return 'x-ms-date';
  return ['host', 'x-ms-content-sha256'].find((name) => !signedHeaders.includes(name));
}

export function stringToSign(verb: string, target: string, values: readonly string[]): string {
  return `${verb}\n${target}\n${values.join(';')}`;
}

// Used again for each comparison: a digest as text and a copy of it cost half of a digest as a Buffer.
const mine = Buffer.alloc(44);
const theirs = Buffer.alloc(44);

export function signedBy(key: KeyObject, text: string, signature: string): boolean {
  if (signature.length !== mine.length) return false;
  mine.write(createHmac('sha256', key).update(text).digest('base64'), 'latin1');
  theirs.write(signature, 'latin1');
  return timingSafeEqual(mine, theirs);
}

/** The JavaScript SDK signs its query as `URLSearchParams` writes it, whatever it sends. */
export function reserialised(target: string): string {
  const question = target.indexOf('?');
  if (question === -1) return target;
  const query = new URLSearchParams(target.slice(question + 1)).toString();
  return query === '' ? target.slice(0, question) : `${target.slice(0, question)}?${query}`;
}

/** Host names the client may have signed: what it sent, and what a reverse proxy received. */
export function hostsOf(headers: IncomingHttpHeaders): readonly string[] {
  const host = headers.host ?? '';
  const forwarded = headers['x-forwarded-host'];
  if (typeof forwarded !== 'string' || forwarded === host) return [host];
  return [host, ...forwarded.split(',').map((name) => name.trim())].slice(0, 4);
}

/** The key that made the signature, and its resource. */
export function findSigner(
  keys: readonly SigningKey[],
  request: Signed,
  claim: Claim,
): SigningKey | undefined {
  const { method, target, headers } = request;
  const attempt = (path: string, host: string): SigningKey | undefined => {
    const values = claim.signedHeaders.map((name) => (name === 'host' ? host : headerValue(name, headers)));
    const text = stringToSign(method, path, values);
    return keys.find(({ key }) => signedBy(key, text, claim.signature));
  };
  const hosts = hostsOf(headers);
  // The clients sign a download for the resource's own host and without a query, then send it to the storage.
  const signedFor = target.startsWith(objectsPath) ? headers['x-ms-host'] : undefined;
  if (typeof signedFor === 'string') {
    const found = attempt(target.replace(/\?.*$/s, ''), signedFor);
    if (found) return found;
  }
  const direct = attempt(target, hosts[0] ?? '');
  if (direct) return direct;
  const form = reserialised(target);
  for (const host of hosts) {
    const found =
      (host === hosts[0] ? undefined : attempt(target, host)) ??
      (form === target ? undefined : attempt(form, host));
    if (found) return found;
  }
  return undefined;
}
