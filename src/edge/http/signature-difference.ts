/** A signature that does not fit: which part of the string to sign the client must have had otherwise. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import {
  type Claim,
  hashBody,
  headerValue,
  reserialised,
  type Signed,
  signedBy,
  stringToSign,
} from './signature.ts';

/** What the search may try beyond the request itself. */
export interface Surroundings {
  readonly keys: readonly KeyObject[];
  /** Access keys as text: some sign with the text instead of what it encodes. */
  readonly keyTexts: readonly string[];
  readonly refusedKeys: readonly { readonly name: string; readonly key: string }[];
  /** Hosts this server answers to, without ports. */
  readonly hostNames: readonly string[];
  readonly ports: readonly number[];
}

interface Variation {
  readonly says: string;
  readonly verb?: string;
  readonly target?: string;
  readonly header?: readonly [name: string, value: string];
  readonly order?: readonly string[];
  readonly ending?: string;
}

const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const quoted = (text: string): string => JSON.stringify(text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function* paths(target: string, host: string): Iterable<Variation> {
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  const query = question === -1 ? '' : target.slice(question);
  const other = (says: string, changed: string): Variation => ({
    says: `${says}: ${quoted(changed)} instead of ${quoted(target)}`,
    target: changed,
  });
  yield other('path and query: signed without the query', path);
  yield other(
    'path and query: the path was signed decoded; sign it percent-encoded, as it is sent',
    decoded(path) + query,
  );
  yield other(
    'path and query: signed decoded; sign it percent-encoded, as it is sent',
    decoded(path) + decoded(query),
  );
  yield other('path and query: the query was signed decoded', path + decoded(query));
  yield other('path and query: the query was signed form-encoded', reserialised(target));
  yield other('path and query: signed with a slash at the end', `${path}/${query}`);
  yield other('path and query: signed without the slash at the end', path.replace(/\/$/, '') + query);
  yield other('path and query: signed without the slash at the beginning', target.slice(1));
  yield other('path and query: signed with two slashes at the beginning', `/${target}`);
  yield other('path and query: signed without the question mark', path + query.slice(1));
  for (const scheme of ['https', 'http'])
    yield other('path and query: the whole URL was signed', `${scheme}://${host}${target}`);
  const bare = new URLSearchParams(query);
  if (bare.has('api-version')) {
    bare.delete('api-version');
    const rest = bare.toString();
    yield other('path and query: signed without api-version', rest === '' ? path : `${path}?${rest}`);
  }
}

function* hosts(host: string, { hostNames, ports }: Surroundings): Iterable<Variation> {
  const name = host.replace(/:\d+$/, '');
  const names = new Set([name, name.toLowerCase(), ...hostNames, 'localhost', '127.0.0.1', '[::1]']);
  const hint = (other: string): string => {
    if (other === `${name}:443`) return '; the default port of https is left out';
    if (other === `${name}:80`) return '; the default port of http is left out';
    return other === name && host !== name ? '; the port belongs to it' : '';
  };
  const seen = new Set([host]);
  for (const candidate of names) {
    for (const port of [host.slice(name.length), '', ':443', ':80', ...ports.map((p) => `:${p}`)]) {
      const other = candidate + port;
      if (seen.has(other)) continue;
      seen.add(other);
      yield {
        says: `host: signed for ${quoted(other)}, the request came with Host ${quoted(host)}${hint(other)}`,
        header: ['host', other],
      };
    }
  }
  for (const scheme of ['https', 'http']) {
    yield {
      says: `host: signed with the scheme ${quoted(`${scheme}://${host}`)}; sign the host alone`,
      header: ['host', `${scheme}://${host}`],
    };
  }
}

function* dates({ headers }: Signed, name: string): Iterable<Variation> {
  const used = headerValue(name, headers);
  const own = headers['x-ms-date'];
  if (headers.date && typeof own === 'string' && headers.date !== own) {
    yield {
      says: `date: the Date header ${quoted(headers.date)} was signed; where both are sent, x-ms-date ${quoted(own)} counts`,
      header: [name, headers.date],
    };
  }
  const instant = Date.parse(used);
  if (!Number.isNaN(instant)) {
    const iso = new Date(instant).toISOString();
    for (const text of [iso, iso.replace('.000', ''), new Date(instant).toUTCString()]) {
      if (text !== used)
        yield { says: `date: signed as ${quoted(text)}, sent as ${quoted(used)}`, header: [name, text] };
    }
  }
  yield { says: 'date: the string was signed without a date', header: [name, ''] };
}

function* hashes(sent: string, actual: string): Iterable<Variation> {
  const name = 'x-ms-content-sha256';
  const hex = Buffer.from(sent, 'base64').toString('hex');
  yield {
    says: 'hash: the hash was signed in hexadecimal; sign it in base64, as it is sent',
    header: [name, hex],
  };
  yield { says: 'hash: the string was signed without the hash', header: [name, ''] };
  const empty = hashBody(Buffer.alloc(0));
  if (actual !== empty) yield { says: 'hash: the hash of an empty body was signed', header: [name, empty] };
}

function* variations(request: Signed, claim: Claim, surroundings: Surroundings): Iterable<Variation> {
  const { method, target, headers } = request;
  const host = headers.host ?? '';
  for (const verb of verbs)
    if (verb !== method) yield { says: `verb: signed for ${verb}, the request is a ${method}`, verb };
  yield {
    says: `verb: signed as ${quoted(method.toLowerCase())}; sign it in capitals`,
    verb: method.toLowerCase(),
  };
  yield* hosts(host, surroundings);
  yield* paths(target, host);
  yield* dates(request, claim.signedHeaders.includes('x-ms-date') ? 'x-ms-date' : 'date');
  const sent = headerValue('x-ms-content-sha256', headers);
  yield* hashes(sent, sent);
  for (const order of [
    ['x-ms-date', 'host', 'x-ms-content-sha256'],
    ['host', 'x-ms-date', 'x-ms-content-sha256'],
  ]) {
    yield {
      says: `order: the values were signed as ${order.join(';')}, SignedHeaders says ${claim.signedHeaders.join(';')}`,
      order,
    };
  }
  yield { says: 'form: the string to sign ended in a line break; its last line has none', ending: '\n' };
}

function write(request: Signed, claim: Claim, variation: Variation): string {
  const { header, order, verb, target, ending } = variation;
  const values = (order ?? claim.signedHeaders).map((name) =>
    header?.[0] === name ? header[1] : headerValue(name, request.headers),
  );
  return stringToSign(verb ?? request.method, target ?? request.target, values) + (ending ?? '');
}

/** A sentence that begins with the part: verb, host, path and query, date, hash, order, form or key. */
export function explainDifference(request: Signed, claim: Claim, surroundings: Surroundings): string {
  const asIs: Variation = { says: '' };
  const straight = [asIs, { says: '', target: reserialised(request.target) }].map((v) =>
    write(request, claim, v),
  );
  const made = (key: KeyObject, texts: readonly string[]): boolean =>
    texts.some((text) => signedBy(key, text, claim.signature));
  for (const text of surroundings.keyTexts) {
    if (made(createSecretKey(Buffer.from(text)), straight)) {
      return 'key: the access key was used as text; decode it from base64 first';
    }
  }
  for (const { name, key } of surroundings.refusedKeys) {
    if (made(createSecretKey(Buffer.from(key, 'base64')), straight))
      return `key: signed with ${name}, which this server does not accept`;
  }
  for (const variation of variations(request, claim, surroundings)) {
    const text = write(request, claim, variation);
    if (surroundings.keys.some((key) => signedBy(key, text, claim.signature))) return variation.says;
  }
  const known =
    'no other verb, path, host, date or hash explains the signature, so it was made with an access key that this server does not have';
  return `key: ${known}. The string to sign here is ${quoted(write(request, claim, asIs))}`;
}
