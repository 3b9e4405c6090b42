/**
 * WAV files that grow: 16-bit PCM with 1 to 5 channels. The sizes in the header are written again and again while the
 * recording goes on, so that a file cut off by a crash plays up to the last time.
 */
import { extensibleTag, guidTail, samplesOf } from './wav.ts';

export interface WavFormat {
  readonly channels: 1 | 2 | 3 | 4 | 5;
  /** Frames a second. */
  readonly sampleRate: number;
}

/** To be written at `at`, counted from the start of the file. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** More than two channels have no place in the plain format; theirs is the extensible one. */
const formatBytes = ({ channels }: WavFormat): number => (channels > 2 ? 40 : 16);

export const headerBytes = (format: WavFormat): number => 12 + 8 + formatBytes(format) + 8;

/** Sizes have 32 bits: at 16 kHz 37 hours of mono, 7 of five channels. A longer recording needs a second file. */
export const mostDataBytes = (format: WavFormat): number => {
  const most = 0xffff_ffff - headerBytes(format);
  return most - (most % (format.channels * 2));
};

/** The whole header of a file that holds so many bytes of samples. Throws a RangeError beyond `mostDataBytes`. */
export function wavHeader(format: WavFormat, dataBytes: number): Uint8Array {
  if (dataBytes < 0 || dataBytes > mostDataBytes(format)) {
    throw new RangeError(`A WAV file cannot hold ${dataBytes} bytes; start another one.`);
  }
  const { channels, sampleRate } = format;
  const length = formatBytes(format);
  const header = new Uint8Array(headerBytes(format));
  const view = new DataView(header.buffer);
  write(header, 0, 'RIFF');
  view.setUint32(4, header.length - 8 + dataBytes, true);
  write(header, 8, 'WAVEfmt ');
  view.setUint32(16, length, true);
  view.setUint16(20, length === 16 ? 1 : extensibleTag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  if (length === 40) {
    view.setUint16(36, 22, true);
    view.setUint16(38, 16, true);
    // The channel mask stays 0: these are participants, not loudspeakers.
    view.setUint16(44, 1, true);
    header.set(guidTail, 46);
  }
  write(header, header.length - 8, 'data');
  view.setUint32(header.length - 4, dataBytes, true);
  return header;
}

/** The two sizes alone, for a file whose header is written already. */
export function sizePatches(format: WavFormat, dataBytes: number): readonly Patch[] {
  const header = wavHeader(format, dataBytes);
  return [
    { at: 4, bytes: header.subarray(4, 8) },
    { at: header.length - 4, bytes: header.subarray(header.length - 4) },
  ];
}

/**
 * What makes a file of ours whole again after a crash: its sizes are set to the frames that are there. `header` is its
 * beginning, `fileBytes` its length. Undefined where the beginning is not a header of ours.
 */
export function repairPatches(header: Uint8Array, fileBytes: number): readonly Patch[] | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 36) return undefined;
  const channels = view.getUint16(22, true);
  if (channels < 1 || channels > 5) return undefined;
  const format: WavFormat = {
    channels: channels as WavFormat['channels'],
    sampleRate: view.getUint32(24, true),
  };
  const ours = headerBytes(format);
  if (header.length < ours || fileBytes < ours) return undefined;
  const expected = wavHeader(format, 0);
  const isSize = (index: number): boolean => (index >= 4 && index < 8) || index >= ours - 4;
  if (!expected.every((byte, index) => isSize(index) || header[index] === byte)) return undefined;
  const there = Math.min(fileBytes - ours, mostDataBytes(format));
  return sizePatches(format, there - (there % (channels * 2)));
}

/** One frame of each channel after the other, as a WAV file has them. `into` holds all of them; all have one length. */
export function interleave(channels: readonly Int16Array[], into: Int16Array): void {
  const count = channels.length;
  for (let channel = 0; channel < count; channel++) {
    const samples = channels[channel]!;
    for (let index = 0; index < samples.length; index++) into[index * count + channel] = samples[index]!;
  }
}

/** The samples of each channel. */
export function separate(data: Uint8Array, channels: number): readonly Int16Array[] {
  const all = samplesOf(data);
  const frames = Math.floor(all.length / channels);
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length: frames }, (__, frame) => all[frame * channels + channel]!),
  );
}

function write(into: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) into[at + index] = text.charCodeAt(index);
}
