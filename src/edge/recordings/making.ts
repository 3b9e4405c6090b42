/** From what the media process left behind to the file that was asked for, or as much of it as can be had. */
import type { Blobs } from '../../app/ports/blobs.ts';
import { type EndedRecording, growingBlob } from '../../app/ports/recordings.ts';
import type { WavFormat } from '../../wire/wav/growing-wav.ts';
import type { RecordingDocument } from './documents.ts';
import type { Encoder } from './ffmpeg.ts';
import type { LastWord } from './last-words.ts';
import { durationMs, examine, type Sound, samples, sounding, writeBlob, writeWav } from './sound.ts';

export interface MakingParts {
  readonly blobs: Blobs;
  readonly encoder: Encoder;
  readonly signal: AbortSignal;
}

export interface Made
  extends Pick<RecordingDocument, 'content' | 'format' | 'durationMs' | 'channelCount' | 'file'> {
  /** Of an unmixed recording: who is on each of its channels; null: nobody is known to be. */
  readonly onChannel: readonly (string | null)[];
  readonly problem?: string;
}

/** Who is on the channels, as the recorder said, else as was promised. */
async function channelsOf(
  { blobs }: MakingParts,
  sound: Sound,
  { recording: { settings } }: EndedRecording,
  word: LastWord | undefined,
): Promise<readonly (string | null)[]> {
  if (word?.now === 'stopped') return afterLast(word.channels, (who) => who !== null);
  const heard = await sounding(blobs, sound);
  const promised = (channel: number): string | undefined =>
    settings.channelOf.find((each) => each.channel === channel)?.participant.rawId;
  const all = heard.map((sounds, channel) => ({ sounds, rawId: promised(channel) ?? null }));
  return afterLast(all, ({ sounds }) => sounds).map(({ rawId }) => rawId);
}

/**
 * Without what comes after the last one in use. Unused channels between used ones stay: they were promised to somebody who
 * did not come, and those behind them were promised their own numbers.
 */
const afterLast = <T>(all: readonly T[], used: (each: T) => boolean): readonly T[] =>
  all.slice(0, Math.max(1, all.findLastIndex(used) + 1));

export async function make(
  parts: MakingParts,
  /** Of what is made, without its extension. */
  name: string,
  ended: EndedRecording,
  word: LastWord | undefined,
): Promise<Made> {
  const { blobs } = parts;
  const { settings } = ended.recording;
  const grown = growingBlob(ended.recording.id);
  const { content, format } = settings;
  const sound = await examine(blobs, grown);
  if (!sound || sound.frames === 0) {
    await blobs.remove(grown);
    return { content, format, durationMs: 0, channelCount: 0, onChannel: [], file: { at: 'nowhere' } };
  }
  const onChannel = settings.channels === 'unmixed' ? await channelsOf(parts, sound, ended, word) : [];
  const channels = Math.max(1, onChannel.length) as WavFormat['channels'];
  const common = { durationMs: durationMs(sound), channelCount: channels, onChannel };
  const named = (extension: string): string => `${name}.${extension}`;
  const fileOf = async (blob: string): Promise<RecordingDocument['file']> => {
    if (blob !== grown) await blobs.remove(grown);
    return { at: 'here', blob, size: (await blobs.size(blob)) ?? 0 };
  };

  if (format !== 'wav') {
    const failed = await compressed(parts, sound, format, named(format));
    if (failed === undefined) return { ...common, content, format, file: await fileOf(named(format)) };
    const problem = `kept as wav instead of ${format}: ${failed}`;
    return { ...common, content: 'audio', format: 'wav', file: await asWav(), problem };
  }
  return { ...common, content, format, file: await asWav() };

  async function asWav(): Promise<RecordingDocument['file']> {
    if (sound!.isWhole && channels === sound!.format.channels) return fileOf(grown);
    await writeWav(blobs, sound!, channels, named('wav'));
    return fileOf(named('wav'));
  }
}

/** Undefined: the blob is there. Else why not. */
async function compressed(
  { blobs, encoder, signal }: MakingParts,
  sound: Sound,
  format: 'mp3' | 'mp4',
  name: string,
): Promise<string | undefined> {
  const missing = await encoder.missing(format);
  if (missing !== undefined) return missing;
  try {
    await encoder.encode({
      format,
      samples: samples(blobs, sound, 1),
      durationMs: durationMs(sound),
      signal,
      take: (file) => writeBlob(blobs, name, file),
    });
    return undefined;
  } catch (error) {
    // Not a failure of the file: the server stops, and the next one makes it.
    signal.throwIfAborted();
    await blobs.remove(name);
    return error instanceof Error ? error.message : String(error);
  }
}
