import { wavHeader } from '../../src/wire/wav/growing-wav.ts';
import { bytesOf } from '../../src/wire/wav/wav.ts';

const sampleRate = 16_000;

/** A tone of 440 Hz in the format that calls play: mono, 16 bit, 16 kHz. */
export function toneFile(seconds: number): Buffer {
  const samples = Int16Array.from(
    { length: seconds * sampleRate },
    (_, index) => 6000 * Math.sin((2 * Math.PI * 440 * index) / sampleRate),
  );
  const bytes = bytesOf(samples);
  return Buffer.concat([wavHeader({ channels: 1, sampleRate }, bytes.length), bytes]);
}

/** The head of an MP3 file: an ID3v2 tag without frames, and one frame of silence (MPEG 1 layer III, 128 kbit/s, 44.1 kHz). */
function mp3(): Buffer {
  const tag = Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x00', 'latin1');
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x64]);
  return Buffer.concat([tag, frame]);
}

/** Undefined where there is no such file. */
export function audioFile(name: string): Buffer | undefined {
  switch (name) {
    case '1s.wav':
      return toneFile(1);
    case '60s.wav':
      return toneFile(60);
    case 'song.mp3':
      return mp3();
    default:
      return undefined;
  }
}
