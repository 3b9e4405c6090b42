import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { one, type Random, seeded } from '../../../test/fuzz/random.ts';
import { wavHeader } from './growing-wav.ts';
import { readPrompt } from './prompt.ts';
import { bytesOf, readWav } from './wav.ts';

const tone = Int16Array.from({ length: 320 }, (_, n) => Math.round(9000 * Math.sin(n / 5)));

interface Made {
  readonly tag?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly align?: number;
  /** Bytes after the sixteen that every format has. */
  readonly extension?: readonly number[];
  readonly before?: readonly number[];
  readonly data?: Uint8Array;
  readonly declared?: number;
}

const u16 = (value: number): readonly number[] => [value & 255, (value >> 8) & 255];
const u32 = (value: number): readonly number[] => [...u16(value), ...u16(value >>> 16)];
const text = (value: string): readonly number[] => [...Buffer.from(value, 'latin1')];

function make(made: Made = {}): Uint8Array {
  const { tag = 1, channels = 1, rate = 16_000, bits = 16, extension = [], before = [] } = made;
  const data = made.data ?? bytesOf(tone);
  const align = made.align ?? (channels * bits) / 8;
  const format = [
    ...u16(tag),
    ...u16(channels),
    ...u32(rate),
    ...u32(rate * align),
    ...u16(align),
    ...u16(bits),
  ];
  const chunks = [
    ...text('fmt '),
    ...u32(format.length + extension.length),
    ...format,
    ...extension,
    ...before,
    ...text('data'),
    ...u32(made.declared ?? data.length),
    ...data,
  ];
  return Uint8Array.from([...text('RIFF'), ...u32(chunks.length + 4), ...text('WAVE'), ...chunks]);
}

const guid = (tag: number): readonly number[] => [
  ...[...u16(tag), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
];
const extensible = (tag: number): readonly number[] => [...u16(22), ...u16(16), ...u32(4), ...guid(tag)];

describe('a prompt', () => {
  test('that is mono, 16-bit and 16 kHz gives its samples', () => {
    const read = readPrompt(make());
    assert.deepEqual('samples' in read && [...read.samples], [...tone]);
  });

  test('may have further chunks, of odd length too, before its data and after', () => {
    const list = [...text('LIST'), ...u32(3), 1, 2, 3, 0];
    const read = readPrompt(Uint8Array.from([...make({ before: list }), ...text('cue '), ...u32(900)]));
    assert.deepEqual('samples' in read && [...read.samples], [...tone]);
  });

  test('may be in the extensible format when it is PCM there', () => {
    assert.ok('samples' in readPrompt(make({ tag: 0xfffe, extension: extensible(1) })));
    assert.deepEqual(readPrompt(make({ tag: 0xfffe, extension: extensible(3) })), { found: 'float in WAV' });
    assert.deepEqual(readPrompt(make({ tag: 0xfffe })), {
      found: 'an extensible format without its extension',
    });
    const foreign = [...extensible(1).slice(0, -1), 0];
    assert.deepEqual(readPrompt(make({ tag: 0xfffe, extension: foreign })), { found: 'WAVE format 0xfffe' });
  });

  test('may lie anywhere in the memory it was read into', () => {
    const wav = make();
    const whole = new Uint8Array(wav.length + 5);
    whole.set(wav, 3);
    const read = readPrompt(whole.subarray(3, 3 + wav.length));
    assert.deepEqual('samples' in read && [...read.samples], [...tone]);
  });

  const refused: Readonly<Record<string, Uint8Array>> = {
    'nothing: 0 bytes': new Uint8Array(0),
    'no RIFF header': Uint8Array.of(1, 2, 3),
    MP3: Uint8Array.from([0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0]),
    AAC: Uint8Array.from([0xff, 0xf1, 0x50, 0x80]),
    Ogg: Uint8Array.from(text('OggS........')),
    FLAC: Uint8Array.from(text('fLaC........')),
    MP4: Uint8Array.from([...u32(0x18), ...text('ftypM4A ....')]),
    WebM: Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, 1]),
    'a text (HTML or XML)': Uint8Array.from(text('<!DOCTYPE html>')),
    'a text (JSON)': Uint8Array.from(text('{"error":"no"}')),
    'RIFF AVI ': Uint8Array.from([...text('RIFF'), ...u32(4), ...text('AVI ')]),
    'a truncated RIFF header': Uint8Array.from(text('RIFF....')),
    stereo: make({ channels: 2 }),
    '5 channels': make({ channels: 5 }),
    '0 channels': make({ channels: 0 }),
    '8000 Hz': make({ rate: 8000 }),
    '24-bit': make({ bits: 24 }),
    'stereo, 44100 Hz, 8-bit': make({ channels: 2, rate: 44_100, bits: 8 }),
    'µ-law in WAV, 8000 Hz, 8-bit': make({ tag: 7, rate: 8000, bits: 8 }),
    'MP3 in WAV': make({ tag: 0x55 }),
    'WAVE format 0x0160': make({ tag: 0x160 }),
    'a block align of 4 bytes for mono 16-bit': make({ align: 4 }),
    'truncated data chunk: 640 of 32000 bytes': make({ declared: 32_000 }),
    'truncated data chunk: 640 of 4294967295 bytes': make({ declared: 0xffff_ffff }),
    'an empty data chunk': make({ data: new Uint8Array(0) }),
    'a data chunk of an odd number of bytes (3)': make({ data: Uint8Array.of(1, 2, 3) }),
    'no fmt chunk': Uint8Array.from([...text('RIFF'), ...u32(4), ...text('WAVE')]),
    'no data chunk': make().subarray(0, 36),
    'a fmt chunk of 2 bytes': Uint8Array.from([...text('RIFF....WAVEfmt '), ...u32(2), 1, 0]),
    'a truncated fmt chunk': make().subarray(0, 30),
    'a data chunk before any fmt chunk': Uint8Array.from([
      ...text('RIFF....WAVEdata'),
      ...u32(2),
      ...[0, 0],
      ...make().subarray(12),
    ]),
    'more than 1000 chunks': Uint8Array.from([
      ...text('RIFF....WAVE'),
      ...Array.from({ length: 1001 }, () => [...text('junk'), ...u32(0)]).flat(),
    ]),
  };
  for (const [found, bytes] of Object.entries(refused)) {
    test(`is refused by name: ${found}`, () => assert.deepEqual(readPrompt(bytes), { found }));
  }

  test('that lies in any of its bytes is read or named, and never throws', () => {
    const next = seeded(8535);
    const outcomes = { read: 0, refused: 0 };
    for (let run = 0; run < 50_000; run++) {
      const bytes = spoilt(next);
      const read = readPrompt(bytes);
      if ('samples' in read) outcomes.read++;
      else {
        outcomes.refused++;
        assert.ok(read.found.length > 0 && read.found.length < 80, read.found);
      }
      const wav = readWav(bytes);
      if ('data' in wav) assert.ok(wav.data.length <= Math.min(bytes.length, wav.declaredBytes));
    }
    assert.ok(outcomes.read > 1000 && outcomes.refused > 10_000, JSON.stringify(outcomes));
  });
});

const originals = [
  make(),
  make({ tag: 0xfffe, extension: extensible(1) }),
  make({ before: [...text('LIST'), ...u32(4), 1, 2, 3, 4] }),
  Uint8Array.from([...wavHeader({ channels: 5, sampleRate: 16_000 }, 640), ...bytesOf(tone)]),
];
const tempting = [0, 1, 2, 16, 24, 0x7f, 0x80, 0xfe, 0xff];

/** A WAV file with up to four lies in its first bytes, or cut off, or with a part of it doubled. */
function spoilt(next: Random): Uint8Array {
  const original = one(next, originals);
  const bytes = original.slice(0, next(4) === 0 ? next(original.length + 1) : original.length);
  for (let lies = next(5); lies > 0 && bytes.length > 0; lies--) {
    bytes[next(Math.min(bytes.length, 80))] = next(2) === 0 ? one(next, tempting) : next(256);
  }
  if (next(10) > 0) return bytes;
  const from = next(bytes.length + 1);
  return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(next(from + 1))]);
}
