import type { Socket } from 'node:dgram';
import { decodeG711, samplesPerFrame } from '../../wire/rtp/g711.ts';
import { parseRtp, type RtpPacket, serialiseRtp } from '../../wire/rtp/packet.ts';
import { expireTone, readTone, type ToneReading, toneReader } from '../../wire/rtp/tone-reader.ts';
import { type TonePacket, tonePackets } from '../../wire/rtp/tone-writer.ts';
import type { Audio } from '../../wire/sdp/audio.ts';
import type { Voice } from './numbers.ts';
import { voiceFrame } from './voices.ts';

/** A frame of a key press, or of the pause after it. */
type KeyFrame = TonePacket | 'pause';

const pauseFrames = 5;
const mostKeys = 64;
/** Samples up to here are what G.711 makes of silence. */
const quiet = 64;
/** One far end's RTP. */
export class RtpLine {
  readonly port: number;
  readonly #socket: Socket;
  readonly #closed: () => void;
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);
  #sequence = Math.floor(Math.random() * 2 ** 16);
  #remote: Audio | undefined;
  #voice: Voice = 'nothing';
  #voiceFrames = 0;
  #on = true;
  #begins = true;
  #keys: readonly KeyFrame[] = [];
  #pressed: (() => void)[] = [];
  #keyTimestamp = 0;
  #reader = toneReader;
  #tones = '';
  #packets = 0;
  #sound: Uint8Array | undefined;
  #open = true;

  constructor(socket: Socket, closed: () => void) {
    this.#socket = socket;
    this.#closed = closed;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#hear(bytes));
  }

  /** RTP packets that came. */
  get packets(): number {
    return this.#packets;
  }

  /** Keys that were pressed at the other end, in order. */
  get tones(): string {
    return this.#tones;
  }

  /** Whether the last packet of sound was anything but silence. */
  get hearsSound(): boolean {
    const codec = this.#remote?.codec;
    if (codec === undefined || this.#sound === undefined) return false;
    return decodeG711(codec, this.#sound).some((sample) => Math.abs(sample) > quiet);
  }

  aim(remote: Audio): void {
    this.#remote = remote;
  }

  speak(voice: Voice): void {
    this.#voice = voice;
    this.#voiceFrames = 0;
  }

  /** Nothing is sent until it is switched on again, as if the line were cut one way. */
  switch(on: boolean): void {
    this.#on = on;
    this.#begins = true;
  }

  /** Settles when the keys have been sent, or cannot be. */
  press(keys: string): Promise<void> {
    const frames = [...keys.slice(0, mostKeys)].flatMap((key): KeyFrame[] => {
      const packets = tonePackets(key);
      return packets.length === 0
        ? []
        : [...packets, ...Array.from({ length: pauseFrames }, () => 'pause' as const)];
    });
    if (!this.#open || frames.length === 0 || this.#remote?.telephoneEvent === undefined)
      return Promise.resolve();
    this.#keys = [...this.#keys, ...frames];
    return new Promise((resolve) => this.#pressed.push(resolve));
  }

  frame(frame: number): void {
    const remote = this.#remote;
    if (this.#reader.press !== undefined) this.#read(expireTone(this.#reader, performance.now()));
    if (remote === undefined) return;
    const key = this.#keys[0];
    if (key !== undefined) {
      this.#keys = this.#keys.slice(1);
      if (this.#keys.length === 0) this.#tellPressed();
    }
    const timestamp = (frame * samplesPerFrame) >>> 0;
    if (key !== undefined && key !== 'pause' && remote.telephoneEvent !== undefined) {
      if (key.marker) this.#keyTimestamp = timestamp;
      this.#begins = true;
      this.#send(remote, { ...key, payloadType: remote.telephoneEvent, timestamp: this.#keyTimestamp });
      return;
    }
    if (this.#voice === 'nothing' || this.#voice === 'echo') return;
    const payload = voiceFrame(this.#voice, remote.codec, this.#voiceFrames++);
    this.#send(remote, { marker: this.#begins, payloadType: remote.payloadType, timestamp, payload });
    this.#begins = false;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#keys = [];
    this.#tellPressed();
    this.#socket.close();
    this.#closed();
  }

  #hear(bytes: Uint8Array): void {
    const packet = parseRtp(bytes);
    if (packet === undefined) return;
    this.#packets++;
    if (packet.payloadType === this.#remote?.telephoneEvent) {
      this.#read(readTone(this.#reader, packet, performance.now()));
    } else {
      this.#sound = packet.payload;
    }
    if (this.#voice === 'echo' && this.#remote !== undefined) this.#send(this.#remote, packet);
  }

  #read({ reader, tones }: ToneReading): void {
    this.#reader = reader;
    for (const { tone } of tones) this.#tones = (this.#tones + tone).slice(-mostKeys);
  }

  #send(remote: Audio, packet: Omit<RtpPacket, 'sequence' | 'ssrc'>): void {
    const held = remote.direction === 'sendonly' || remote.direction === 'inactive';
    if (!this.#on || !this.#open || held) return;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const bytes = serialiseRtp({ ...packet, sequence: this.#sequence, ssrc: this.#ssrc });
    this.#socket.send(bytes, remote.port, remote.address);
  }

  #tellPressed(): void {
    for (const tell of this.#pressed.splice(0)) tell();
  }
}
