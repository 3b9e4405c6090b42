import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bytesOf, samplesOf } from '../../wire/wav/wav.ts';
import { createEncoder, type EncodeRequest, type Encoder } from './ffmpeg.ts';

const isInstalled = (() => {
  try {
    execFileSync('ffprobe', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
// In continuous integration the peers are there, and a test that does not run is one that fails.
const skip = isInstalled || process.env.CI === 'true' ? false : 'ffmpeg is not installed';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-ffmpeg-'));
});
after(() => rm(folder, { recursive: true }));

/** A tone of 440 Hz, in pieces that end in the middle of a sample. */
async function* tone(seconds: number): AsyncGenerator<Uint8Array> {
  const samples = Int16Array.from(
    { length: seconds * 16_000 },
    (_, n) => 8000 * Math.sin((2 * Math.PI * 440 * n) / 16_000),
  );
  const bytes = bytesOf(samples);
  for (let at = 0; at < bytes.length; at += 9999) yield bytes.subarray(at, at + 9999);
}

async function encoded(
  encoder: Encoder,
  request: Partial<EncodeRequest> & Pick<EncodeRequest, 'format'>,
): Promise<Buffer> {
  let file: Buffer | undefined;
  await encoder.encode({
    samples: tone(3),
    durationMs: 3000,
    signal: new AbortController().signal,
    take: async (made) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of made) pieces.push(piece);
      file = Buffer.concat(pieces);
    },
    ...request,
  });
  assert.ok(file);
  return file;
}

interface Probe {
  readonly streams: readonly Readonly<Record<string, string | number>>[];
  readonly format: { readonly format_name: string; readonly duration: string };
}

async function probe(bytes: Buffer, name: string): Promise<Probe> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  const args = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file];
  return JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
}

/** How often the sound crosses zero upwards in a second. */
function pitch(name: string): number {
  const args = [
    '-v',
    'error',
    '-i',
    join(folder, name),
    '-ss',
    '1',
    '-t',
    '1',
    '-f',
    's16le',
    '-ar',
    '16000',
    '-ac',
    '1',
    '-',
  ];
  const samples = samplesOf(execFileSync('ffmpeg', args));
  return samples.filter((sample, n) => n > 0 && samples[n - 1]! < 0 && sample >= 0).length;
}

describe('the encoder', { skip }, () => {
  test('makes MP3 of 16 kHz that lasts as long as the sound and sounds like it', async () => {
    const encoder = createEncoder({ folder });
    assert.equal(await encoder.missing('mp3'), undefined);
    const { streams, format } = await probe(await encoded(encoder, { format: 'mp3' }), 'tone.mp3');
    assert.deepEqual(
      streams.map(({ codec_name, sample_rate, channels }) => [codec_name, sample_rate, channels]),
      [['mp3', '16000', 1]],
    );
    assert.ok(Math.abs(Number(format.duration) - 3) < 0.1, format.duration);
    assert.ok(Math.abs(pitch('tone.mp3') - 440) <= 2, `${pitch('tone.mp3')} Hz`);
  });

  test('makes MP4 with a black picture of 1920x1080 at 8 frames a second, longer than the picture it repeats', async () => {
    const encoder = createEncoder({ folder });
    assert.equal(await encoder.missing('mp4'), undefined);
    const bytes = await encoded(encoder, { format: 'mp4', samples: tone(23), durationMs: 23_000 });
    const { streams, format } = await probe(bytes, 'tone.mp4');
    const [picture, sound] = streams;
    assert.deepEqual(
      [picture?.codec_name, picture?.width, picture?.height, picture?.avg_frame_rate, picture?.nb_frames],
      ['h264', 1920, 1080, '8/1', String(23 * 8)],
    );
    assert.deepEqual([sound?.codec_name, sound?.sample_rate, sound?.channels], ['aac', '16000', 1]);
    assert.ok(Math.abs(Number(format.duration) - 23) < 0.2, format.duration);
    assert.ok(Math.abs(pitch('tone.mp4') - 440) <= 2, `${pitch('tone.mp4')} Hz`);
  });

  test('clears away what a server that was killed had half made', async () => {
    await mkdir(join(folder, 'encoding', 'mp4-left'), { recursive: true });
    await encoded(createEncoder({ folder }), { format: 'mp3' });
    assert.deepEqual(await leftovers(), []);
  });

  test('stops with the server', async () => {
    const encoder = createEncoder({ folder });
    const stopping = new AbortController();
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield new Uint8Array(100_000);
        if (!stopping.signal.aborted) stopping.abort(new Error('the server stops'));
      }
    };
    await assert.rejects(encoded(encoder, { format: 'mp3', samples: endless(), signal: stopping.signal }));
    assert.deepEqual(await leftovers(), []);
  });

  test('gives up what takes too long, and says so', async () => {
    const encoder = createEncoder({ folder, limitMs: 500 });
    const stuck = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(100);
      await new Promise<void>((resolve) => setTimeout(resolve, 3000).unref());
    };
    await assert.rejects(
      encoded(encoder, { format: 'mp3', samples: stuck(), durationMs: 0 }),
      /had not finished after 0.5 s/,
    );
    assert.deepEqual(await leftovers(), []);
  });
});

const leftovers = (): Promise<readonly string[]> => readdir(join(folder, 'encoding'));

/** A program of that name that does what the script says. */
async function pretender(script: string): Promise<string> {
  const command = join(folder, 'pretender');
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  return command;
}

test('an encoder that is not installed is named, with what to do', async () => {
  const encoder = createEncoder({ folder, command: join(folder, 'nothing-here') });
  assert.equal(
    await encoder.missing('mp3'),
    'mp3 needs ffmpeg: apt-get install ffmpeg, or ask for audio as wav',
  );
  assert.match((await encoder.missing('mp4')) ?? '', /^mp4 needs ffmpeg/);
});

test('an encoder that lacks a codec is named for what it lacks', async () => {
  const command = await pretender("echo ' A..... aac  AAC'; echo ' V..... libx264  H.264'");
  const encoder = createEncoder({ folder, command });
  assert.equal(await encoder.missing('mp4'), undefined);
  assert.match((await encoder.missing('mp3')) ?? '', /an ffmpeg with libmp3lame/);
});

test('an encoder that fails passes on what it said, and leaves nothing behind', async () => {
  const command = await pretender(
    'case "$*" in *-encoders*) echo " A..... libmp3lame x";; *) echo "no such thing" >&2; exit 3;; esac',
  );
  const encoder = createEncoder({ folder, command });
  await assert.rejects(encoded(encoder, { format: 'mp3' }), /ended with 3: no such thing/);
  assert.deepEqual(await leftovers(), []);
});
