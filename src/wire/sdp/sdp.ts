/** Session descriptions (RFC 8866), as far as one audio stream needs them. Pure: text to values and back. */
import { type CryptoAttribute, parseCrypto } from './crypto.ts';
import { type Candidate, candidatesIn, credentialsIn, type IceCredentials } from './ice.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface RtpMap {
  readonly payloadType: number;
  /** In upper case. */
  readonly encoding: string;
  readonly clockRate: number;
}

export interface MediaDescription {
  readonly media: string;
  readonly port: number;
  /** `RTP/AVP`… */
  readonly protocol: string;
  /** As written, in order of preference. */
  readonly formats: readonly string[];
  /** Its own connection address, else that of the session. */
  readonly address: string | undefined;
  readonly direction: Direction;
  readonly maps: readonly RtpMap[];
  readonly crypto: readonly CryptoAttribute[];
  /** Its own, else those of the session. */
  readonly ice: Partial<IceCredentials>;
  readonly candidates: readonly Candidate[];
  /** RTCP may share the port (RFC 5761). */
  readonly rtcpMux: boolean;
}

export interface SessionDescription {
  /** The far end only answers checks of ICE (RFC 8839 5.3). */
  readonly iceLite: boolean;
  readonly media: readonly MediaDescription[];
}

const MAX_LENGTH = 32_768;
const MAX_LINES = 1000;
const MAX_MEDIA = 16;
const MAX_FORMATS = 64;
const MAX_CRYPTO = 16;

// RFC 8866 9: a byte-string holds neither NUL nor CR nor LF. What we refuse of an offer goes back in our answer.
const strayControls = /\0|\r(?!\n)/;

/** `undefined` when the text is no session description. */
export function parseSdp(text: string): SessionDescription | undefined {
  if (text.length > MAX_LENGTH || strayControls.test(text)) return undefined;
  const lines = text.split(/\r?\n/);
  if (lines.length > MAX_LINES || lines[0] !== 'v=0') return undefined;
  const at = lines.findIndex((line) => line.startsWith('m='));
  const session = lines.slice(0, at < 0 ? lines.length : at);
  if (!session.some((line) => line.startsWith('o='))) return undefined;
  const inherited: Inherited = {
    address: addressIn(session),
    direction: directionIn(session) ?? 'sendrecv',
    ice: credentialsIn(session),
  };
  const media: MediaDescription[] = [];
  for (let from = at; from >= 0 && from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && !lines[to]!.startsWith('m=')) to++;
    const one = parseMedia(lines.slice(from, to), inherited);
    if (!one || media.length === MAX_MEDIA) return undefined;
    media.push(one);
    from = to;
  }
  return { iceLite: has(session, 'a=ice-lite'), media };
}

const has = (lines: readonly string[], attribute: string): boolean =>
  lines.some((line) => line.trimEnd() === attribute);

type Inherited = Pick<MediaDescription, 'address' | 'direction' | 'ice'>;

function parseMedia(lines: readonly string[], inherited: Inherited): MediaDescription | undefined {
  const [media, port, protocol, ...formats] = words(lines[0]!);
  const number = Number((port ?? '').split('/')[0]);
  if (!media || !protocol || formats.length === 0 || formats.length > MAX_FORMATS) return undefined;
  if (!/^\d{1,5}(?:\/\d{1,5})?$/.test(port ?? '') || number > 65_535) return undefined;
  return {
    media,
    port: number,
    protocol: protocol.toUpperCase(),
    formats,
    address: addressIn(lines) ?? inherited.address,
    direction: directionIn(lines) ?? inherited.direction,
    maps: lines.flatMap(parseRtpMap),
    crypto: lines.flatMap(parseCrypto).slice(0, MAX_CRYPTO),
    ice: credentialsIn(lines, inherited.ice),
    candidates: candidatesIn(lines),
    rtcpMux: has(lines, 'a=rtcp-mux'),
  };
}

function addressIn(lines: readonly string[]): string | undefined {
  const line = lines.find((l) => l.startsWith('c='));
  const [, , address] = line === undefined ? [] : words(line);
  // RFC 8866 5.7: a multicast address may carry a TTL.
  return address?.split('/')[0] || undefined;
}

/** What stands after `x=`. */
function words(line: string): readonly string[] {
  return line
    .slice(2)
    .split(/[ \t]+/)
    .filter((word) => word !== '');
}

const directions: ReadonlyMap<string, Direction> = new Map([
  ['a=sendrecv', 'sendrecv'],
  ['a=sendonly', 'sendonly'],
  ['a=recvonly', 'recvonly'],
  ['a=inactive', 'inactive'],
]);

function directionIn(lines: readonly string[]): Direction | undefined {
  for (const line of lines) {
    const direction = directions.get(line.trimEnd());
    if (direction) return direction;
  }
  return undefined;
}

function parseRtpMap(line: string): readonly RtpMap[] {
  const found = /^a=rtpmap:(\d{1,3})[ \t]+([^/\s]+)\/(\d{1,6})(?:\/1)?[ \t]*$/.exec(line);
  if (!found) return [];
  return [{ payloadType: Number(found[1]), encoding: found[2]!.toUpperCase(), clockRate: Number(found[3]) }];
}
