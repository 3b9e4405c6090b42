import { isDeepStrictEqual } from 'node:util';
import type { LocalMedia, RemoteMedia } from '../../app/ports/trunk.ts';
import {
  type Audio,
  answerAudio,
  findAudio,
  type LocalAudio,
  offerAudio,
  type Unusable,
  type Wanted,
} from '../../wire/sdp/audio.ts';
import { type Direction, parseSdp } from '../../wire/sdp/sdp.ts';

/** What an SDP says about the far end's audio, or why we cannot use it. */
export function readMedia(sdp: string | undefined, wanted: Wanted): RemoteMedia | Unusable {
  const session = sdp === undefined ? undefined : parseSdp(sdp);
  if (!session) return { unusable: sdp === undefined ? 'no SDP' : 'malformed SDP' };
  const audio = findAudio(session, wanted);
  return 'unusable' in audio ? audio : remoteMedia(audio);
}

/** RFC 3261 13.2.1: whoever takes an offer answers with a description, which need not please us but must be one. */
export const isDescribed = (sdp: string | undefined): boolean =>
  sdp !== undefined && parseSdp(sdp) !== undefined;

function remoteMedia(audio: Audio): RemoteMedia {
  const { address, port, codec, payloadType, telephoneEvent, direction, crypto, ice } = audio;
  return {
    ...{ address, port, codec, payloadType, direction },
    ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
    ...(crypto ? { crypto: keyOf(crypto) } : {}),
    ...(ice ? { ice } : {}),
  };
}

const keyOf = ({ suite, key, mki }: NonNullable<Audio['crypto']>): NonNullable<RemoteMedia['crypto']> => ({
  suite,
  key,
  ...(mki ? { mki } : {}),
});

export function sameMedia(a: RemoteMedia, b: RemoteMedia): boolean {
  return isDeepStrictEqual(a, b);
}

export interface DescriptionOptions {
  readonly sessionId: number;
  /** Stands where there is no media. */
  readonly fallbackAddress: string;
  /** Audio over SRTP. */
  readonly secure: boolean;
  /** Offers ask for ICE. */
  readonly ice: boolean;
}

/** Our descriptions of one leg: the version grows only when what they say changes (RFC 3264 8). */
export class LocalDescription {
  readonly #options: DescriptionOptions;
  #version = 1;
  #last = '';
  #local: LocalMedia | undefined;
  #direction: Direction = 'sendrecv';
  /** The far end has asked for ICE: later offers of ours do (RFC 8839 4.4). */
  #ice: boolean;
  /** RFC 8445 2.5. Whether the far end is lite itself is not known before it says so. */
  #lite = true;

  constructor(options: DescriptionOptions) {
    this.#options = options;
    this.#ice = options.ice;
  }

  use(local: LocalMedia | undefined): void {
    this.#local = local;
  }

  /** What we want from the next description on; the result takes that back. */
  turn(direction: Direction): () => void {
    const before = this.#direction;
    this.#direction = direction;
    return () => {
      this.#direction = before;
    };
  }

  offer(): string {
    return this.#versioned(offerAudio);
  }

  /** Or why the offer has nothing for us. */
  answer(offer: string): string | Unusable {
    const session = parseSdp(offer);
    if (!session) return { unusable: 'malformed SDP' };
    const audio = findAudio(session, { secure: this.#options.secure });
    if ('unusable' in audio) return audio;
    this.#ice = audio.ice !== undefined;
    // Two lite agents would check nothing: where the far end is one, the checks are ours (RFC 8445 6.1.1).
    if (audio.ice) this.#lite = !audio.ice.lite;
    return this.#versioned((local) => answerAudio(session, audio, local));
  }

  /** Whether an answer may speak of ICE: it was offered. */
  get offersIce(): boolean {
    return this.#ice;
  }

  #versioned(write: (local: LocalAudio) => string): string {
    const { sessionId, fallbackAddress, secure } = this.#options;
    const own = this.#local;
    const local = (version: number): LocalAudio => ({
      address: own?.address ?? fallbackAddress,
      port: own?.port,
      direction: this.#direction,
      sessionId,
      version,
      ...(secure ? { keys: own?.keys ?? {} } : {}),
      ...(this.#ice && own?.ice ? { ice: { ...own.ice, lite: this.#lite } } : {}),
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
