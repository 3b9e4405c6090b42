import { type Direction, isIpLiteral, type MediaDescription, type SessionDescription } from './sdp.ts';

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
}

export interface Unusable {
  readonly unusable: string;
}

// RFC 3551 6: these need no rtpmap.
const staticTypes: ReadonlyMap<string, Codec> = new Map([
  ['0', 'PCMU'],
  ['8', 'PCMA'],
]);

const TELEPHONE_EVENT = 101;

/** The first audio stream we can use, or why there is none. */
export function findAudio(session: SessionDescription): Audio | Unusable {
  let why = 'no audio stream';
  for (const [index, media] of session.media.entries()) {
    if (media.media !== 'audio') continue;
    const found = readAudio(media, index);
    if (!('unusable' in found)) return found;
    why = found.unusable;
  }
  return { unusable: why };
}

function readAudio(media: MediaDescription, index: number): Audio | Unusable {
  if (media.port === 0) return { unusable: 'the audio stream is refused' };
  if (media.protocol !== 'RTP/AVP') return { unusable: `${media.protocol} instead of RTP/AVP` };
  if (media.address === undefined || !isIpLiteral(media.address))
    return { unusable: 'no address for the audio' };
  const chosen = chooseCodec(media);
  if (!chosen) return { unusable: 'neither PCMU nor PCMA' };
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
  };
  return event ? { ...audio, telephoneEvent: event.payloadType } : audio;
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
}

const DISCARD_PORT = 9;

/** An offer of PCMU, PCMA and telephone events. */
export function offerAudio(local: LocalAudio): string {
  const lines = [
    `m=audio ${local.port ?? DISCARD_PORT} RTP/AVP 0 8 ${TELEPHONE_EVENT}`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    ...eventLines(TELEPHONE_EVENT),
    'a=ptime:20',
    `a=${local.port === undefined ? 'inactive' : local.direction}`,
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

function answerLines(
  { codec, payloadType, telephoneEvent, direction }: Audio,
  local: LocalAudio,
): readonly string[] {
  const formats = telephoneEvent === undefined ? `${payloadType}` : `${payloadType} ${telephoneEvent}`;
  return [
    `m=audio ${local.port ?? DISCARD_PORT} RTP/AVP ${formats}`,
    `a=rtpmap:${payloadType} ${codec}/8000`,
    ...(telephoneEvent === undefined ? [] : eventLines(telephoneEvent)),
    'a=ptime:20',
    `a=${local.port === undefined ? 'inactive' : answerDirection(direction, local.direction)}`,
  ];
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

function format({ address, sessionId, version }: LocalAudio, mediaLines: readonly string[]): string {
  const where = `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;
  const lines = ['v=0', `o=- ${sessionId} ${version} ${where}`, 's=-', `c=${where}`, 't=0 0', ...mediaLines];
  return `${lines.join('\r\n')}\r\n`;
}
