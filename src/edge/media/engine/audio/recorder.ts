/** Writes a call into a WAV file that grows: playable up to the last second whatever happens to this process. */
import type { Blobs, GrowingBlob } from '../../../../app/ports/blobs.ts';
import type { RecordingEvent } from '../../../../domain/media/recording.ts';
import { busRate, frameMs, frameSamples } from '../../../../wire/audio/frame.ts';
import {
  headerBytes,
  interleave,
  sizePatches,
  type WavFormat,
  wavHeader,
} from '../../../../wire/wav/growing-wav.ts';
import { bytesOf } from '../../../../wire/wav/wav.ts';
import type { CallFrame, Tap } from './voice.ts';

export interface RecorderOptions {
  readonly recordingId: string;
  /** Name of the blob. */
  readonly name: string;
  readonly blobs: Blobs;
  readonly channels: 'mixed' | 'unmixed';
  /** Of an unmixed recording: channels that are promised to participants, by raw id. */
  readonly channelOf: readonly { readonly rawId: string; readonly channel: number }[];
  /** Raw id of who a leg is. */
  readonly participant: (legId: string) => string;
  readonly paused: boolean;
  readonly tell: (event: RecordingEvent) => void;
}

/** An unmixed file has a channel for each of five; those that nobody used are taken out once it is whole. */
export const unmixedChannels = 5;
const framesPerWrite = 1000 / frameMs;
/** A disk that is slower for so long has failed. */
const mostWaiting = 30;
const silence = new Int16Array(frameSamples);

export class Recorder implements Tap {
  readonly #options: RecorderOptions;
  readonly #format: WavFormat;
  readonly #channels: (string | null)[];
  readonly #block: Int16Array;
  readonly #each: Int16Array[];
  #inBlock = 0;
  #paused: boolean;
  #stopped = false;
  #failed = false;
  #closed: Promise<void> | undefined;
  #frames = 0;
  #written = 0;
  #waiting = 0;
  #writing: Promise<void>;
  #blob: GrowingBlob | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#paused = options.paused;
    const mixed = options.channels === 'mixed';
    this.#format = { channels: mixed ? 1 : unmixedChannels, sampleRate: busRate };
    this.#channels = Array.from({ length: mixed ? 0 : unmixedChannels }, () => null);
    this.#block = new Int16Array(framesPerWrite * frameSamples * this.#format.channels);
    this.#each = Array.from(this.#channels, () => silence);
    this.#writing = this.#begin();
  }

  frame(frame: CallFrame): void {
    if (this.#paused || this.#stopped) return;
    const { channels } = this.#format;
    const into = this.#block.subarray(
      this.#inBlock * frameSamples * channels,
      (this.#inBlock + 1) * frameSamples * channels,
    );
    if (channels === 1) into.set(frame.mixed);
    else interleave(this.#perChannel(frame), into);
    this.#frames++;
    if (++this.#inBlock === framesPerWrite) this.#flush();
  }

  pause(on: boolean): void {
    if (this.#stopped || on === this.#paused) return;
    this.#paused = on;
    this.#flush();
    this.#options.tell({ recordingId: this.#options.recordingId, now: on ? 'paused' : 'active' });
  }

  /** Resolves once the file is closed. */
  stop(): Promise<void> {
    if (!this.#stopped) {
      this.#flush();
      this.#stopped = true;
    }
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#writing;
    try {
      await this.#blob?.close();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#failed) return;
    const { recordingId } = this.#options;
    const durationMs = this.#frames * frameMs;
    this.#options.tell({ recordingId, now: 'stopped', durationMs, channels: this.#channels });
  }

  #perChannel(frame: CallFrame): readonly Int16Array[] {
    const samples = this.#each.fill(silence);
    for (const legId of frame.legIds) {
      const heard = frame.heard(legId);
      if (heard === undefined) continue;
      const channel = this.#channelFor(this.#options.participant(legId));
      if (channel !== undefined) samples[channel] = heard;
    }
    return samples;
  }

  /** As promised, else the first free one; undefined where all five are taken. */
  #channelFor(rawId: string): number | undefined {
    const known = this.#channels.indexOf(rawId);
    if (known >= 0) return known;
    const { channelOf } = this.#options;
    const promised = channelOf.find((each) => each.rawId === rawId)?.channel;
    const free = this.#channels.findIndex(
      (who, channel) => who === null && !channelOf.some((each) => each.channel === channel),
    );
    const channel = promised ?? (free >= 0 ? free : undefined);
    if (channel !== undefined) this.#channels[channel] = rawId;
    return channel;
  }

  async #begin(): Promise<void> {
    const { recordingId, blobs, name, tell } = this.#options;
    try {
      this.#blob = await blobs.grow(name);
      await this.#blob.write(0, wavHeader(this.#format, 0));
      tell({ recordingId, now: this.#paused ? 'paused' : 'active' });
    } catch (error) {
      this.#fail(error);
    }
  }

  #flush(): void {
    if (this.#inBlock === 0) return;
    const length = this.#inBlock * frameSamples * this.#format.channels;
    const bytes = bytesOf(this.#block.subarray(0, length));
    this.#inBlock = 0;
    if (++this.#waiting > mostWaiting) {
      this.#fail(new Error(`the disk took none of ${mostWaiting} seconds of sound`));
      return;
    }
    this.#writing = this.#writing.then(async () => {
      this.#waiting--;
      await this.#append(bytes);
    });
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const blob = this.#blob;
    if (!blob || this.#failed) return;
    try {
      await blob.write(headerBytes(this.#format) + this.#written, bytes);
      this.#written += bytes.length;
      for (const patch of sizePatches(this.#format, this.#written)) await blob.write(patch.at, patch.bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#stopped = true;
    this.#closed ??= this.#close();
    const why = error instanceof Error ? error.message : String(error);
    this.#options.tell({ recordingId: this.#options.recordingId, now: 'failed', why });
  }
}
