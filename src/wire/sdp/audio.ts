import {
  answerCrypto,
  type ChosenCrypto,
  chooseCrypto,
  type LocalKeys,
  offerCrypto,
  takeAnswered,
} from './crypto.ts';
import { iceLines, type LocalIce, type RemoteIce } from './ice.ts';
import { isIpLiteral } from './ip-literal.ts';
import type { Direction, MediaDescription, SessionDescription } from './sdp.ts';

export type Codec = 'PCMU' | 'PCMA';

/** The audio stream of a description that we can use. */
export interface Audio {
  /** Which media description it is. */
  readonly index: number;
  readonly address: string;
  readonly port: number;
  readonly codec: Codec;
  readonly payloadType: number;
  /** Payload type of RFC 4733 events, when there is one. */
  readonly telephoneEvent?: number;
  /** As the far end states it. */
  readonly direction: Direction;
  /** Exactly for RTP/SAVP. */
  readonly crypto?: ChosenCrypto;
  /** The far end does ICE. */
  readonly ice?: RemoteIce;
  /** The far end's ICE names other addresses than its description: somebody on the way changed one of them. */
  readonly iceMismatch?: true;
  /** RTCP may come to the same port. */
  readonly rtcpMux?: true;
}

export interface Unusable {
  readonly unusable: string;
}

export interface Wanted {
  /** Audio over SRTP only; else over plain RTP only. */
  readonly secure: boolean;
  /** The description answers an offer of ours. */
  readonly answers?: boolean;
}

// RFC 3551 6: these need no rtpmap.
const staticTypes: ReadonlyMap<string, Codec> = new Map([
  ['0', 'PCMU'],
  ['8', 'PCMA'],
]);

const TELEPHONE_EVENT = 101;

/** The first audio stream we can use, or why there is none. */
export function findAudio(session: SessionDescription, wanted: Wanted = { secure: false }): Audio | Unusable {
  let why = 'no audio stream';
  for (const [index, media] of session.media.entries()) {
    if (media.media !== 'audio') continue;
    const found = readAudio(session, media, index, wanted);
    if (!('unusable' in found)) return found;
    why = found.unusable;
  }
  return { unusable: why };
}

function readAudio(
  session: SessionDescription,
  media: MediaDescription,
  index: number,
  { secure, answers = false }: Wanted,
): Audio | Unusable {
  if (media.port === 0) return { unusable: 'the audio stream is refused' };
  const protocol = secure ? 'RTP/SAVP' : 'RTP/AVP';
  if (media.protocol !== protocol) return { unusable: `${media.protocol} instead of ${protocol}` };
  if (media.address === undefined || !isIpLiteral(media.address))
    return { unusable: 'no address for the audio' };
  const chosen = chooseCodec(media);
  if (!chosen) return { unusable: 'neither PCMU nor PCMA' };
  const crypto = secure ? (answers ? takeAnswered : chooseCrypto)(media.crypto) : undefined;
  if (crypto && 'unusable' in crypto) return crypto;
  const event = media.maps.find(
    (map) =>
      map.encoding === 'TELEPHONE-EVENT' &&
      map.clockRate === 8000 &&
      media.formats.includes(String(map.payloadType)),
  );
  // RFC 3264 8.4: the way RFC 2543 put a call on hold.
  const oldHold = media.address === '0.0.0.0' && media.direction === 'sendrecv';
  const audio: Audio = {
    index,
    address: media.address,
    port: media.port,
    ...chosen,
    direction: oldHold ? 'sendonly' : media.direction,
    ...(crypto ? { crypto } : {}),
    ...iceOf(session, media),
    ...(media.rtcpMux ? { rtcpMux: true } : {}),
  };
  return event ? { ...audio, telephoneEvent: event.payloadType } : audio;
}

function iceOf(
  { iceLite: lite }: SessionDescription,
  { ice: { ufrag, password }, candidates: all, address, port }: MediaDescription,
): Pick<Audio, 'ice' | 'iceMismatch'> {
  if (ufrag === undefined || password === undefined) return {};
  const candidates = all
    .filter(({ component }) => component === 1)
    .map((one) => ({ address: one.address, port: one.port, priority: one.priority }));
  // RFC 8839 4.2.5. Without any candidate yet they are learnt from the checks.
  const named =
    candidates.length === 0 || candidates.some((one) => one.address === address && one.port === port);
  return named ? { ice: { ufrag, password, lite, candidates } } : { iceMismatch: true };
}

// RFC 3264 6.1: the offerer's order of preference.
function chooseCodec(
  media: MediaDescription,
): { readonly codec: Codec; readonly payloadType: number } | undefined {
  for (const format of media.formats) {
    const map = media.maps.find(({ payloadType }) => String(payloadType) === format);
    const codec = map ? codecOf(map.encoding, map.clockRate) : staticTypes.get(format);
    if (codec) return { codec, payloadType: Number(format) };
  }
  return undefined;
}

function codecOf(encoding: string, clockRate: number): Codec | undefined {
  if (clockRate !== 8000) return undefined;
  return encoding === 'PCMU' || encoding === 'PCMA' ? encoding : undefined;
}

/** Our side of a session. */
export interface LocalAudio {
  readonly address: string;
  /** `undefined`: no media at all, told as port 9 and `inactive`. */
  readonly port: number | undefined;
  readonly direction: Direction;
  /** RFC 8866 5.2: stays the same for the session, the version grows with each change. */
  readonly sessionId: number;
  readonly version: number;
  /** Keys for SRTP; an offer without them is of plain RTP. */
  readonly keys?: LocalKeys;
  /** Absent: no ICE of ours. */
  readonly ice?: LocalIce;
}

const DISCARD_PORT = 9;

/** An offer of PCMU, PCMA and telephone events. */
export function offerAudio(local: LocalAudio): string {
  const lines = [
    `m=audio ${local.port ?? DISCARD_PORT} ${local.keys ? 'RTP/SAVP' : 'RTP/AVP'} 0 8 ${TELEPHONE_EVENT}`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    ...eventLines(TELEPHONE_EVENT),
    'a=ptime:20',
    `a=${local.port === undefined ? 'inactive' : local.direction}`,
    ...(local.keys ? offerCrypto(local.keys) : []),
    ...pathLines(local),
  ];
  return format(local, lines);
}

/**
 * The answer to an offer in which `audio` was found (RFC 3264 6): as many media descriptions as the offer has,
 * in its order, those we do not use with port 0.
 */
export function answerAudio(offer: SessionDescription, audio: Audio, local: LocalAudio): string {
  const lines = offer.media.flatMap((media, index) =>
    index === audio.index
      ? answerLines(audio, local)
      : [`m=${media.media} 0 ${media.protocol} ${media.formats.join(' ')}`],
  );
  return format(local, lines);
}

function answerLines(audio: Audio, local: LocalAudio): readonly string[] {
  const { codec, payloadType, telephoneEvent, direction, crypto, ice, iceMismatch, rtcpMux } = audio;
  const formats = telephoneEvent === undefined ? `${payloadType}` : `${payloadType} ${telephoneEvent}`;
  return [
    `m=audio ${local.port ?? DISCARD_PORT} ${crypto ? 'RTP/SAVP' : 'RTP/AVP'} ${formats}`,
    `a=rtpmap:${payloadType} ${codec}/8000`,
    ...(telephoneEvent === undefined ? [] : eventLines(telephoneEvent)),
    'a=ptime:20',
    `a=${local.port === undefined ? 'inactive' : answerDirection(direction, local.direction)}`,
    ...(crypto && local.keys ? answerCrypto(crypto, local.keys) : []),
    ...(rtcpMux ? ['a=rtcp-mux'] : []),
    ...(iceMismatch ? ['a=ice-mismatch'] : []),
    ...(ice ? pathLines(local) : []),
  ];
}

function pathLines({ ice, address, port }: LocalAudio): readonly string[] {
  return ice && port !== undefined ? iceLines(ice, address, port) : [];
}

function eventLines(payloadType: number): readonly string[] {
  return [`a=rtpmap:${payloadType} telephone-event/8000`, `a=fmtp:${payloadType} 0-16`];
}

/** RFC 3264 6.1: what we want, within what the offer leaves. */
export function answerDirection(offered: Direction, wanted: Direction): Direction {
  const send =
    (offered === 'sendrecv' || offered === 'recvonly') && (wanted === 'sendrecv' || wanted === 'sendonly');
  const receive =
    (offered === 'sendrecv' || offered === 'sendonly') && (wanted === 'sendrecv' || wanted === 'recvonly');
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

function format({ address, sessionId, version, ice }: LocalAudio, mediaLines: readonly string[]): string {
  const where = `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;
  const lite = ice?.lite === true && mediaLines.some((line) => line.startsWith('a=ice-ufrag:'));
  const lines = [
    ...['v=0', `o=- ${sessionId} ${version} ${where}`, 's=-', `c=${where}`, 't=0 0'],
    ...(lite ? ['a=ice-lite'] : []),
    ...mediaLines,
  ];
  return `${lines.join('\r\n')}\r\n`;
}
