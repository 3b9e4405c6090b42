/** Session descriptions (RFC 8866), as far as one audio stream needs them. Pure: text to values and back. */

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
}

export interface SessionDescription {
  readonly media: readonly MediaDescription[];
}

const MAX_LENGTH = 32_768;
const MAX_LINES = 1000;
const MAX_MEDIA = 16;
const MAX_FORMATS = 64;

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
  const inherited = { address: addressIn(session), direction: directionIn(session) ?? 'sendrecv' };
  const media: MediaDescription[] = [];
  for (let from = at; from >= 0 && from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && !lines[to]!.startsWith('m=')) to++;
    const one = parseMedia(lines.slice(from, to), inherited);
    if (!one || media.length === MAX_MEDIA) return undefined;
    media.push(one);
    from = to;
  }
  return { media };
}

function parseMedia(
  lines: readonly string[],
  inherited: { readonly address: string | undefined; readonly direction: Direction },
): MediaDescription | undefined {
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

const isIpv4 = (text: string): boolean => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
};

/** Strictly: what is no literal would be looked up as a name by whoever sends there. RFC 4291 2.2 for IPv6. */
export function isIpLiteral(text: string): boolean {
  if (!text.includes(':')) return isIpv4(text);
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const embedded = last.includes('.');
  if (embedded && !isIpv4(last)) return false;
  const hex = embedded ? groups.slice(0, -1) : groups;
  const length = hex.length + (embedded ? 2 : 0);
  return (
    hex.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) &&
    (halves.length === 2 ? length < 8 : length === 8)
  );
}
