/** `a=crypto`: keys for SRTP in the session description (RFC 4568). */

/** One line, as written; what it means is found out when one has to be chosen. */
export interface CryptoAttribute {
  readonly tag: number;
  readonly suite: string;
  /** `inline:…`, several where several keys are offered. */
  readonly keys: readonly string[];
  readonly parameters: readonly string[];
}

/** Suites that are served, with the octets of key and salt (RFC 4568 6.2, RFC 6188 4). */
const inlineLengths = {
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
  AES_256_CM_HMAC_SHA1_80: 46,
} as const;

export type CryptoSuite = keyof typeof inlineLengths;

/** In the order in which we offer them; their tags in an offer of ours are 1, 2, 3. */
export const cryptoSuites = Object.keys(inlineLengths) as readonly CryptoSuite[];

const served = (suite: string): suite is CryptoSuite => Object.hasOwn(inlineLengths, suite);

/** The key of the far end that counts. */
export interface ChosenCrypto {
  readonly tag: number;
  readonly suite: CryptoSuite;
  /** Base64 of master key and salt. */
  readonly key: string;
  /** Master key identifier that stands in each packet. */
  readonly mki?: { readonly value: number; readonly length: number };
}

/** A key of ours for each suite, base64 of master key and salt. */
export type LocalKeys = Readonly<Record<string, string>>;

/** None for a line that is not well-formed: it offers nothing. */
export function parseCrypto(line: string): readonly CryptoAttribute[] {
  const found = /^a=crypto:(\d{1,9})[ \t]+([\w-]{1,64})[ \t]+(\S+)((?:[ \t]+\S+)*)[ \t]*$/.exec(line);
  if (!found) return [];
  const parameters = found[4]!.split(/[ \t]+/).filter((word) => word !== '');
  return [{ tag: Number(found[1]), suite: found[2]!, keys: found[3]!.split(';'), parameters }];
}

/** RFC 4568 6.1: key and salt, then lifetime and key identifier, both optional. */
const inlineKey = /^inline:([A-Za-z0-9+/]+={0,2})(?:\|(?:2\^\d{1,2}|\d{1,15}))?(?:\|(\d{1,15}):(\d{1,3}))?$/i;

/** The line's key, or what is wrong with it. */
function read({ tag, suite, keys, parameters }: CryptoAttribute): ChosenCrypto | string {
  if (!served(suite)) return `${suite} is not served`;
  // RFC 4568 6.3: all that do not begin with "-" have to be understood.
  const strange = parameters.find((parameter) => !parameter.startsWith('-'));
  if (strange !== undefined) return `session parameter ${strange} is not served`;
  const [inline = '', ...others] = keys;
  if (others.length > 0) return `${keys.length} keys in one line; one is served`;
  const found = inlineKey.exec(inline);
  if (!found) return 'its key is malformed';
  const key = found[1]!;
  const octets = Buffer.from(key, 'base64').length;
  if (octets !== inlineLengths[suite])
    return `${octets} octets of key and salt; ${suite} has ${inlineLengths[suite]}`;
  if (found[2] === undefined) return { tag, suite, key };
  const mki = { value: Number(found[2]), length: Number(found[3]) };
  // RFC 3711 has 128 octets as the most; a number of more than 6 is not exact any more, and nobody sends one.
  if (mki.length < 1 || mki.length > 6 || mki.value >= 256 ** mki.length)
    return `a key identifier of ${mki.length} octets with the value ${mki.value}; 1 to 6 octets are served`;
  return { tag, suite, key, mki };
}

/** The first line that we can use (RFC 4568 5.1.2: the offerer's preference), or why there is none, line by line. */
export function chooseCrypto(
  lines: readonly CryptoAttribute[],
): ChosenCrypto | { readonly unusable: string } {
  const faults: string[] = [];
  for (const line of lines) {
    const chosen = read(line);
    if (typeof chosen !== 'string') return chosen;
    faults.push(`a=crypto:${line.tag}: ${chosen}`);
  }
  return { unusable: faults.length === 0 ? 'RTP/SAVP without a=crypto' : faults.join('; ') };
}

/** RFC 4568 5.1.3: an answer takes exactly one of the lines of our offer. */
export function takeAnswered(
  lines: readonly CryptoAttribute[],
): ChosenCrypto | { readonly unusable: string } {
  const chosen = chooseCrypto(lines);
  if ('unusable' in chosen) return chosen;
  const { tag, suite } = chosen;
  return cryptoSuites[tag - 1] === suite
    ? chosen
    : { unusable: `a=crypto:${tag} ${suite} answers nothing that we offered` };
}

/** Lines of an offer: all our suites. */
export function offerCrypto(keys: LocalKeys): readonly string[] {
  return cryptoSuites.flatMap((suite, index) => line(index + 1, suite, keys));
}

/** The line of an answer: the tag of the one taken, with a key of our own. */
export function answerCrypto({ tag, suite }: ChosenCrypto, keys: LocalKeys): readonly string[] {
  return line(tag, suite, keys);
}

function line(tag: number, suite: CryptoSuite, keys: LocalKeys): readonly string[] {
  const key = keys[suite];
  return key === undefined ? [] : [`a=crypto:${tag} ${suite} inline:${key}`];
}
