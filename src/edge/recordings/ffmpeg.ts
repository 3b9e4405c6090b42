/** MP3 and MP4 by the ffmpeg that is installed, in a child process that is bounded in time and output. */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { audioBitRate, sampleRate, video } from '../../wire/rest/recording-content.ts';

export type Compressed = 'mp3' | 'mp4';

export interface EncodeRequest {
  readonly format: Compressed;
  /** Mono, 16-bit, little-endian, 16 kHz. */
  readonly samples: AsyncIterable<Uint8Array>;
  readonly durationMs: number;
  readonly signal: AbortSignal;
  /** Gets the finished file, which is gone afterwards. */
  readonly take: (file: AsyncIterable<Uint8Array>) => Promise<void>;
}

export interface Encoder {
  /** What is not installed for this format and how to get it; undefined: it can be made. */
  missing(format: Compressed): Promise<string | undefined>;
  /** Rejects with what ffmpeg said. */
  encode(request: EncodeRequest): Promise<void>;
}

export interface EncoderOptions {
  /** Name or path of the program. */
  readonly command?: string;
  /** Of this server alone. Files lie in a folder `encoding` of it while they are made; what a killed one left is cleared. */
  readonly folder: string;
  /** Wall time that making a file may take, before a quarter of its duration is added. */
  readonly limitMs?: number;
}

const needed: Readonly<Record<Compressed, readonly string[]>> = {
  mp3: ['libmp3lame'],
  mp4: ['libx264', 'aac'],
};
const checkLimitMs = 10_000;
/** Ten times what the bit rate makes of a second, and room for what surrounds it. */
const mostBytes = (durationMs: number): number =>
  4_000_000 + Math.ceil((durationMs * audioBitRate * 10) / 8000);
const pictureSeconds = 10;

interface Run {
  readonly command: string;
  readonly args: readonly string[];
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  readonly input?: AsyncIterable<Uint8Array>;
}

const lastWords = 2000;

/** What it wrote on standard output; rejects where it cannot be run, takes too long or fails. */
async function run({ command, args, limitMs, signal, input }: Run): Promise<string> {
  const ends = AbortSignal.any([AbortSignal.timeout(limitMs), ...(signal ? [signal] : [])]);
  const child = spawn(command, args, {
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    signal: ends,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    if (out.length < 1_000_000) out += bytes.toString();
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-lastWords);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Calls that are alive go first.
  if (child.pid !== undefined) politely(child.pid);
  // A child that ends early says why by its exit code; the broken pipe is only what follows.
  const fed =
    input && child.stdin
      ? pipeline(Readable.from(input), child.stdin).catch((error: unknown) => error)
      : undefined;
  try {
    const code = await ended;
    const broken = await fed;
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.trim() || 'and said nothing'}`);
    if (broken !== undefined) throw broken;
    return out;
  } catch (error) {
    if (signal?.aborted !== true && ends.aborted)
      throw new Error(`${command} had not finished after ${limitMs / 1000} s`, { cause: error });
    throw error;
  }
}

function politely(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us: it works all the same.
  }
}

/** Looks once for what is installed, when that is asked for the first time: it takes longer than all the rest of a start. */
export function createEncoder({ command = 'ffmpeg', folder, limitMs = 60_000 }: EncoderOptions): Encoder {
  const encoding = join(folder, 'encoding');
  const cleared = rm(encoding, { recursive: true, force: true });
  // Whoever encodes first sees the failure.
  cleared.catch(() => undefined);
  const look = (): Promise<ReadonlySet<string> | undefined> =>
    run({ command, args: ['-hide_banner', '-encoders'], limitMs: checkLimitMs }).then(
      (text) => new Set(text.split('\n').map((line) => line.trim().split(/\s+/)[1] ?? '')),
      () => undefined,
    );
  let looked: ReturnType<typeof look> | undefined;
  const missing = async (format: Compressed): Promise<string | undefined> => {
    looked ??= look();
    const encoders = await looked;
    if (!encoders) return `${format} needs ffmpeg: apt-get install ffmpeg, or ask for audio as wav`;
    const lacking = needed[format].filter((name) => !encoders.has(name));
    if (lacking.length === 0) return undefined;
    return `${format} needs an ffmpeg with ${lacking.join(' and ')}, which the one installed lacks; or ask for audio as wav`;
  };
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'];
  const pcm = ['-f', 's16le', '-ar', `${sampleRate}`, '-ac', '1', '-i', 'pipe:0'];

  /** Black frames are made once for a few seconds and repeated: encoding each of them would take most of the time. */
  const picture = async (file: string, signal: AbortSignal): Promise<void> => {
    const { width, height, framesPerSecond } = video;
    const black = `color=c=black:s=${width}x${height}:r=${framesPerSecond}:d=${pictureSeconds}`;
    const args = [
      ...quiet,
      '-f',
      'lavfi',
      '-i',
      black,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      file,
    ];
    await run({ command, args, limitMs, signal });
  };

  return {
    missing,
    async encode({ format, samples, durationMs, signal, take }) {
      await cleared;
      await mkdir(encoding, { recursive: true, mode: 0o700 });
      const work = await mkdtemp(join(encoding, `${format}-`));
      try {
        const made = join(work, `made.${format}`);
        const bound = mostBytes(durationMs);
        const black = join(work, 'black.mp4');
        if (format === 'mp4') await picture(black, signal);
        const sound = ['-ar', `${sampleRate}`, '-ac', '1', '-b:a', `${audioBitRate}`];
        const output =
          format === 'mp3'
            ? [...pcm, '-c:a', 'libmp3lame', ...sound]
            : [
                ...['-stream_loop', '-1', '-i', black, ...pcm, '-map', '0:v', '-map', '1:a'],
                ...[
                  '-c:v',
                  'copy',
                  '-c:a',
                  'aac',
                  ...sound,
                  '-t',
                  `${durationMs / 1000}`,
                  '-movflags',
                  '+faststart',
                ],
              ];
        // `-nostdin` is about its keyboard, not about the pipe.
        const args = [...quiet, ...output, '-fs', `${bound}`, made];
        await run({ command, args, limitMs: limitMs + durationMs / 4, signal, input: samples });
        const { size } = await stat(made);
        if (size >= bound)
          throw new Error(
            `${command} wrote more than ${bound} bytes, which is too much for ${durationMs} ms`,
          );
        await take(createReadStream(made));
      } finally {
        // A child that was just killed may still be at its last write.
        await rm(work, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}
