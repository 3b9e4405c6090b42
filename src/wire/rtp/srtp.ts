/** Secure RTP, RFC 3711: AES in counter mode and HMAC-SHA1. RTCP is not served, so SRTCP is not either. */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { rtpHeaderLength } from './packet.ts';
import { Replay, rollOversOf } from './replay.ts';
import { KeyStream } from './srtp-cipher.ts';
import { sessionKeys } from './srtp-keys.ts';
import { type SrtpSuite, srtpSuite } from './srtp-suites.ts';

/** A master key with its salt, as `a=crypto` carries it. */
export interface SrtpKey {
  readonly suite: string;
  /** Base64 of key and salt. */
  readonly key: string;
  /** A key identifier stands before the tag of each packet (RFC 3711 3.1). */
  readonly mki?: { readonly value: number; readonly length: number };
}

/** An Ethernet frame: what is longer is none of ours (`packet.ts`). */
const longest = 1500;
/** Streams of one far end under one key; what is forgotten could be played again, so the next one is not taken. */
const mostStreams = 32;

class Transform {
  readonly suite: SrtpSuite;
  readonly #stream: KeyStream;
  readonly #authentication: KeyObject;
  readonly #salt: Uint8Array;
  readonly #iv = new Uint8Array(14);
  readonly #rollOvers = Buffer.alloc(4);

  constructor({ suite, key }: SrtpKey) {
    this.suite = srtpSuite(suite);
    const keys = sessionKeys(this.suite, key);
    this.#stream = new KeyStream(keys.encryption);
    this.#authentication = keys.authentication;
    this.#salt = keys.salt;
  }

  /** Combines what `packet` has from `start` to `end` with the key stream of its index, into `into` at the same place. */
  encrypt(packet: Uint8Array, start: number, end: number, index: number, into: Uint8Array): void {
    const iv = this.#iv;
    iv.set(this.#salt);
    // RFC 3711 4.1.1: (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16).
    for (let i = 0; i < 4; i++) iv[4 + i]! ^= packet[8 + i]!;
    const rollOvers = rollOversOf(index);
    for (let i = 0; i < 4; i++) iv[8 + i]! ^= rollOvers >>> (24 - 8 * i);
    iv[12]! ^= (index >>> 8) & 0xff;
    iv[13]! ^= index & 0xff;
    const stream = this.#stream.take(iv, end - start);
    for (let at = start, i = 0; at < end; at++, i++) into[at] = packet[at]! ^ stream[i]!;
  }

  /** RFC 3711 4.2: over the packet and its roll-overs; the suite's part of it counts. */
  tag(authenticated: Uint8Array, index: number): Buffer {
    this.#rollOvers.writeUInt32BE(rollOversOf(index));
    return createHmac('sha1', this.#authentication)
      .update(authenticated)
      .update(this.#rollOvers)
      .digest()
      .subarray(0, this.suite.tagLength);
  }
}

/** The packets of one stream of ours. Under one key there must be one of these only, else key stream is used twice. */
export class SrtpSender {
  readonly #transform: Transform;
  readonly #packet = new Uint8Array(longest);
  #index: number | undefined;

  constructor(key: SrtpKey) {
    this.#transform = new Transform(key);
  }

  /** The packet, protected. A view that the next call overwrites. */
  protect(packet: Uint8Array): Uint8Array {
    const sequence = (packet[2]! << 8) | packet[3]!;
    const before = this.#index;
    const index = before === undefined ? sequence : before + (((sequence - before) << 16) >> 16);
    this.#index = Math.max(before ?? 0, index);
    const { length } = packet;
    const start = headerLength(packet) ?? rtpHeaderLength;
    this.#packet.set(packet.subarray(0, start));
    this.#transform.encrypt(packet, start, length, index, this.#packet);
    const tag = this.#transform.tag(this.#packet.subarray(0, length), index);
    this.#packet.set(tag, length);
    return this.#packet.subarray(0, length + tag.length);
  }
}

/** Why a packet was not taken. */
export type SrtpFault = 'malformed' | 'forged' | 'replayed';

/** The packets of one far end under one key. */
export class SrtpReceiver {
  readonly #transform: Transform;
  readonly #mki: Uint8Array;
  readonly #streams = new Map<number, Replay>();

  constructor(key: SrtpKey) {
    this.#transform = new Transform(key);
    const { value, length } = key.mki ?? { value: 0, length: 0 };
    this.#mki = Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
  }

  /** The RTP packet in it. Nothing of it is believed, and nothing of ours changes, before it is authenticated. */
  unprotect(packet: Uint8Array): Uint8Array | SrtpFault {
    const { tagLength } = this.#transform.suite;
    const tagAt = packet.length - tagLength;
    const end = tagAt - this.#mki.length;
    const start = headerLength(packet);
    if (start === undefined || start > end || packet.length > longest) return 'malformed';
    if (this.#mki.some((byte, i) => packet[end + i] !== byte)) return 'forged';
    const ssrc = ((packet[8]! << 24) | (packet[9]! << 16) | (packet[10]! << 8) | packet[11]!) >>> 0;
    const known = this.#streams.get(ssrc);
    if (known === undefined && this.#streams.size === mostStreams) return 'replayed';
    const replay = known ?? new Replay();
    const index = replay.estimate((packet[2]! << 8) | packet[3]!);
    if (!replay.isNew(index)) return 'replayed';
    const tag = this.#transform.tag(packet.subarray(0, end), index);
    if (!timingSafeEqual(tag, packet.subarray(tagAt))) return 'forged';
    replay.take(index);
    if (known === undefined) this.#streams.set(ssrc, replay);
    const clear = new Uint8Array(end);
    clear.set(packet.subarray(0, start));
    this.#transform.encrypt(packet, start, end, index, clear);
    return clear;
  }
}

/** Up to where a packet is not encrypted: header, sources and extension (RFC 3711 3.1). */
const headerLength = (packet: Uint8Array): number | undefined => {
  if (packet.length < rtpHeaderLength || packet[0]! >> 6 !== 2) return undefined;
  const start = rtpHeaderLength + (packet[0]! & 0x0f) * 4;
  if ((packet[0]! & 0x10) === 0) return start;
  if (start + 4 > packet.length) return undefined;
  return start + 4 + ((packet[start + 2]! << 8) | packet[start + 3]!) * 4;
};
