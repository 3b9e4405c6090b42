import type { Socket } from 'node:dgram';
import type { MediaAddress, RemoteMedia } from '../../../app/ports/trunk.ts';
import { decodeG711, encodeG711, type G711, samplesPerFrame, silence } from '../../../wire/rtp/g711.ts';
import { rtpHeaderLength, serialiseRtp, writeRtpHeader } from '../../../wire/rtp/packet.ts';
import { type TonePacket, tonePackets } from '../../../wire/rtp/tone-writer.ts';
import { AudioQueue } from './audio-queue.ts';

/** Key presses waiting to be sent; a bridge feeds them from somebody else's packets. */
const mostTonePackets = 1000;
const longestToneMs = 5000;

/** One RTP stream to a far end: what is queued, else silence. */
export class Sender {
  readonly #socket: Socket;
  readonly #protect: (packet: Uint8Array) => Uint8Array;
  readonly #packet = new Uint8Array(rtpHeaderLength + samplesPerFrame);
  readonly #payload = this.#packet.subarray(rtpHeaderLength);
  readonly #ssrc: number;
  readonly #timestampOffset: number;
  #sequence: number;
  #remote: RemoteMedia | undefined;
  /** The next packet begins a stretch of sound. */
  #begins = true;
  #isSilence = false;
  #audio: AudioQueue | undefined;
  #tones: readonly TonePacket[] = [];
  #toneTimestamp = 0;
  #sent = 0;

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

  play(codec: G711, bytes: Uint8Array): void {
    const remote = this.#remote;
    if (remote === undefined) return;
    this.#audio ??= new AudioQueue();
    this.#audio.put(codec === remote.codec ? bytes : encodeG711(remote.codec, decodeG711(codec, bytes)));
  }

  /** Nothing of what is queued is sent any more. */
  hush(): void {
    this.#audio = undefined;
    this.#tones = [];
  }

  press(tone: string, durationMs: number): void {
    if (this.#remote?.telephoneEvent === undefined || this.#tones.length > mostTonePackets) return;
    this.#tones = [...this.#tones, ...tonePackets(tone, Math.min(durationMs, longestToneMs))];
  }

  /** Sends frame number `frame` to `latched`, or where the far end's SDP says. */
  frame(frame: number, latched: MediaAddress | undefined): void {
    const remote = this.#remote;
    if (remote === undefined) return;
    const timestamp = (this.#timestampOffset + frame * samplesPerFrame) >>> 0;
    const tone = this.#tones[0];
    const bytes =
      tone === undefined || remote.telephoneEvent === undefined
        ? this.#sound(remote, timestamp)
        : this.#tone(tone, remote.telephoneEvent, timestamp);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sent++;
    const { address, port } = latched ?? remote;
    this.#socket.send(this.#protect(bytes), port, address);
  }

  #sound(remote: RemoteMedia, timestamp: number): Uint8Array {
    if (this.#audio?.take(this.#payload) === true) {
      this.#isSilence = false;
    } else if (!this.#isSilence) {
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
    this.#tones = this.#tones.slice(1);
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
