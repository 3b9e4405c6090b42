import type { Socket } from 'node:dgram';
import type { MediaAddress, RemoteMedia } from '../../../app/ports/trunk.ts';
import { decodeG711, encodeG711, type G711, samplesPerFrame, silence } from '../../../wire/rtp/g711.ts';
import { rtpHeaderLength, serialiseRtp, writeRtpHeader } from '../../../wire/rtp/packet.ts';
import { type TonePacket, tonePackets } from '../../../wire/rtp/tone-writer.ts';

/** Key presses waiting to be sent; a bridge feeds them from somebody else's packets. */
const mostTonePackets = 1000;
const longestToneMs = 5000;

/** A packet of a key, or the pause between two; `reached` is called when it is its turn. */
interface Due {
  readonly packet?: TonePacket;
  readonly reached?: () => void;
}

/** ETSI ES 201 235-2 asks for 65 ms of each; receivers differ, and 100 ms suit all. */
const keyMs = 100;
const pauseFrames = 5;

/** One RTP stream to a far end: what is said in each frame, else silence. */
export class Sender {
  readonly #socket: Socket;
  readonly #protect: (packet: Uint8Array) => Uint8Array;
  readonly #packet = new Uint8Array(rtpHeaderLength + samplesPerFrame);
  readonly #payload = this.#packet.subarray(rtpHeaderLength);
  readonly #samples = new Int16Array(samplesPerFrame);
  readonly #ssrc: number;
  readonly #timestampOffset: number;
  #sequence: number;
  #remote: RemoteMedia | undefined;
  /** The next packet begins a stretch of sound. */
  #begins = true;
  #isSilence = false;
  #tones: Due[] = [];
  /** `#payload` holds what is to be sent in this frame. */
  #isSaid = false;
  #toneTimestamp = 0;
  #sent = 0;
  #lastFrame = -1;

  /** `protect` makes of a packet what goes over the wire. */
  constructor(socket: Socket, random: () => number, protect: (packet: Uint8Array) => Uint8Array) {
    this.#socket = socket;
    this.#protect = protect;
    this.#ssrc = Math.floor(random() * 2 ** 32);
    this.#timestampOffset = Math.floor(random() * 2 ** 32);
    // The first half: with SRTP, a first packet that is lost must not hide a roll-over (RFC 4568 6.4).
    this.#sequence = Math.floor(random() * 2 ** 15);
  }

  get packets(): number {
    return this.#sent;
  }

  /** `undefined` stops sending. */
  aim(remote: RemoteMedia | undefined): void {
    this.#remote = remote;
    this.#isSilence = false;
    if (remote === undefined) this.#begins = true;
  }

  /** 160 bytes for the next frame. */
  relay(codec: G711, bytes: Uint8Array): void {
    const remote = this.#remote;
    if (remote === undefined) return;
    if (codec === remote.codec) this.#payload.set(bytes);
    else encodeG711(remote.codec, decodeG711(codec, bytes, this.#samples), this.#payload);
    this.#isSaid = true;
  }

  /** 160 samples at 8 kHz for the next frame. */
  say(samples: Int16Array): void {
    if (this.#remote === undefined) return;
    encodeG711(this.#remote.codec, samples, this.#payload);
    this.#isSaid = true;
  }

  press(tone: string, durationMs: number): void {
    if (!this.canPress || this.#tones.length > mostTonePackets) return;
    this.#push(tonePackets(tone, Math.min(durationMs, longestToneMs)));
  }

  /** Keys can be sent: there is a far end, and it understands RFC 4733. */
  get canPress(): boolean {
    return this.#remote?.telephoneEvent !== undefined;
  }

  /** `sent` is called when the last of these keys has gone out; never where sending ends before. */
  pressAll(keys: string, sent: () => void): void {
    const pause = Array.from({ length: pauseFrames }, (): Due => ({}));
    for (const key of keys) {
      this.#push(tonePackets(key, keyMs));
      this.#tones.push(...pause);
    }
    this.#tones.push({ reached: sent });
  }

  #push(packets: readonly TonePacket[]): void {
    for (const packet of packets) this.#tones.push({ packet });
  }

  /** Sends frame number `frame` to `latched`, or where the far end's SDP says. */
  frame(frame: number, latched: MediaAddress | undefined): void {
    const remote = this.#remote;
    // A leg that was moved to a call whose turn comes later in the 20 ms has had its packet.
    if (remote === undefined || frame <= this.#lastFrame) return;
    this.#lastFrame = frame;
    const timestamp = (this.#timestampOffset + frame * samplesPerFrame) >>> 0;
    const tone = this.#nextTone();
    const bytes =
      tone === undefined || remote.telephoneEvent === undefined
        ? this.#sound(remote, timestamp)
        : this.#tone(tone, remote.telephoneEvent, timestamp);
    this.#isSaid = false;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sent++;
    const { address, port } = latched ?? remote;
    this.#socket.send(this.#protect(bytes), port, address);
  }

  /** What of the keys is due in this frame; undefined in the pause between two. */
  #nextTone(): TonePacket | undefined {
    const next = this.#tones.shift();
    next?.reached?.();
    return next?.packet;
  }

  #sound(remote: RemoteMedia, timestamp: number): Uint8Array {
    if (this.#isSaid) this.#isSilence = false;
    else if (!this.#isSilence) {
      this.#payload.fill(silence[remote.codec]);
      this.#isSilence = true;
    }
    const { payloadType } = remote;
    const header = {
      marker: this.#begins,
      payloadType,
      sequence: this.#sequence,
      timestamp,
      ssrc: this.#ssrc,
    };
    writeRtpHeader(this.#packet, header);
    this.#begins = false;
    return this.#packet;
  }

  /** RFC 4733 2.1: an event takes the place of the sound, and all its packets carry the timestamp of the first. */
  #tone(tone: TonePacket, payloadType: number, timestamp: number): Uint8Array {
    if (tone.marker) this.#toneTimestamp = timestamp;
    this.#begins = true;
    const { marker, payload } = tone;
    const sequence = this.#sequence;
    return serialiseRtp({
      marker,
      payloadType,
      sequence,
      timestamp: this.#toneTimestamp,
      ssrc: this.#ssrc,
      payload,
    });
  }
}
