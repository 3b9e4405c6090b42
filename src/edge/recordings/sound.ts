/** What the media process wrote of a recording: WAV of 16 kHz that may have been cut off anywhere. */
import type { Blobs } from '../../app/ports/blobs.ts';
import { headerBytes, repairPatches, type WavFormat, wavHeader } from '../../wire/wav/growing-wav.ts';
import { bytesOf, samplesOf } from '../../wire/wav/wav.ts';

export interface Sound {
  readonly name: string;
  readonly format: WavFormat;
  /** Whole frames that are there. */
  readonly frames: number;
  /** The sizes in the header are those of the file. */
  readonly isWhole: boolean;
}

const pieceBytes = 1 << 20;

export const durationMs = ({ frames, format }: Sound): number =>
  Math.round((frames * 1000) / format.sampleRate);

/** Undefined where there is no such blob, or none that a recorder of ours began. */
export async function examine(blobs: Blobs, name: string): Promise<Sound | undefined> {
  const size = await blobs.size(name);
  const header = size === undefined ? undefined : await blobs.get(name, { from: 0, to: 68 });
  if (size === undefined || header === undefined) return undefined;
  const patches = repairPatches(header, size);
  if (!patches) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const format: WavFormat = {
    channels: view.getUint16(22, true) as WavFormat['channels'],
    sampleRate: view.getUint32(24, true),
  };
  const there = size - headerBytes(format);
  const block = format.channels * 2;
  return {
    name,
    format,
    frames: Math.floor(there / block),
    isWhole:
      there % block === 0 &&
      patches.every(({ at, bytes }) => bytes.every((byte, index) => header[at + index] === byte)),
  };
}

/** Its samples as bytes, whole frames at a time, of the first `channels` alone. */
export async function* samples(
  blobs: Blobs,
  { name, format, frames }: Sound,
  channels: number,
): AsyncGenerator<Uint8Array> {
  const block = format.channels * 2;
  const end = headerBytes(format) + frames * block;
  const step = pieceBytes - (pieceBytes % block);
  for (let from = headerBytes(format); from < end; from += step) {
    const to = Math.min(from + step, end);
    const bytes = await blobs.get(name, { from, to });
    if (bytes?.length !== to - from)
      throw new Error(`the recording ${name} became shorter while it was read`);
    yield channels === format.channels ? bytes : first(channels, bytes, format.channels);
  }
}

function first(channels: number, bytes: Uint8Array, of: number): Uint8Array {
  const all = samplesOf(bytes);
  const kept = new Int16Array((all.length / of) * channels);
  for (let frame = 0; frame * of < all.length; frame++)
    for (let channel = 0; channel < channels; channel++)
      kept[frame * channels + channel] = all[frame * of + channel]!;
  return bytesOf(kept);
}

/** Whether anything but silence is on each channel. */
export async function sounding(blobs: Blobs, sound: Sound): Promise<readonly boolean[]> {
  const { channels } = sound.format;
  const heard = Array.from({ length: channels }, () => false);
  for await (const bytes of samples(blobs, sound, channels)) {
    if (heard.every(Boolean)) break;
    const all = samplesOf(bytes);
    for (let channel = 0; channel < channels; channel++)
      for (let at = channel; !heard[channel] && at < all.length; at += channels)
        heard[channel] = all[at] !== 0;
  }
  return heard;
}

/** A whole file of the first `channels` of a recording, under another name. */
export async function writeWav(
  blobs: Blobs,
  sound: Sound,
  channels: WavFormat['channels'],
  name: string,
): Promise<void> {
  const format: WavFormat = { ...sound.format, channels };
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield wavHeader(format, sound.frames * channels * 2);
    yield* samples(blobs, sound, channels);
  };
  await writeBlob(blobs, name, pieces());
}

export async function writeBlob(
  blobs: Blobs,
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const blob = await blobs.grow(name);
  try {
    let at = 0;
    for await (const piece of pieces) {
      await blob.write(at, piece);
      at += piece.length;
    }
  } finally {
    await blob.close();
  }
}
