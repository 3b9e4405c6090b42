import type { MediaAddress, RemoteMedia } from '../../app/ports/trunk.ts';
import {
  type Audio,
  answerAudio,
  findAudio,
  type LocalAudio,
  offerAudio,
  type Unusable,
} from '../../wire/sdp/audio.ts';
import { parseSdp } from '../../wire/sdp/sdp.ts';

/** What an SDP says about the far end's audio, or why we cannot use it. */
export function readMedia(sdp: string | undefined): RemoteMedia | Unusable {
  const session = sdp === undefined ? undefined : parseSdp(sdp);
  if (!session) return { unusable: sdp === undefined ? 'no SDP' : 'malformed SDP' };
  const audio = findAudio(session);
  return 'unusable' in audio ? audio : remoteMedia(audio);
}

function remoteMedia({ address, port, codec, payloadType, telephoneEvent, direction }: Audio): RemoteMedia {
  const media = { address, port, codec, payloadType, direction };
  return telephoneEvent === undefined ? media : { ...media, telephoneEvent };
}

export function sameMedia(a: RemoteMedia, b: RemoteMedia): boolean {
  return (
    a.address === b.address &&
    a.port === b.port &&
    a.codec === b.codec &&
    a.payloadType === b.payloadType &&
    a.telephoneEvent === b.telephoneEvent &&
    a.direction === b.direction
  );
}

/** Our descriptions of one leg: the version grows only when what they say changes (RFC 3264 8). */
export class LocalDescription {
  readonly #sessionId: number;
  readonly #fallbackAddress: string;
  #version = 1;
  #last = '';
  #local: MediaAddress | undefined;

  /** `fallbackAddress` stands where there is no media. */
  constructor(sessionId: number, fallbackAddress: string) {
    this.#sessionId = sessionId;
    this.#fallbackAddress = fallbackAddress;
  }

  use(local: MediaAddress | undefined): void {
    this.#local = local;
  }

  offer(): string {
    return this.#versioned(offerAudio);
  }

  /** `undefined` when the offer has nothing for us. */
  answer(offer: string): string | undefined {
    const session = parseSdp(offer);
    const audio = session && findAudio(session);
    if (!session || !audio) return undefined;
    if (!('unusable' in audio)) return this.#versioned((local) => answerAudio(session, audio, local));
    return undefined;
  }

  #versioned(write: (local: LocalAudio) => string): string {
    const local = (version: number): LocalAudio => ({
      address: this.#local?.address ?? this.#fallbackAddress,
      port: this.#local?.port,
      direction: 'sendrecv',
      sessionId: this.#sessionId,
      version,
    });
    const same = write(local(this.#version));
    if (this.#last === '' || same === this.#last) {
      this.#last = same;
      return same;
    }
    this.#version += 1;
    this.#last = write(local(this.#version));
    return this.#last;
  }
}
