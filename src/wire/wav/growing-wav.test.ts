import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  headerBytes,
  interleave,
  mostDataBytes,
  type Patch,
  repairPatches,
  separate,
  sizePatches,
  type WavFormat,
  wavHeader,
} from './growing-wav.ts';
import { readPrompt } from './prompt.ts';
import { bytesOf, readWav } from './wav.ts';

const apply = (file: Uint8Array, patches: readonly Patch[]): Uint8Array => {
  const patched = file.slice();
  for (const { at, bytes } of patches) patched.set(bytes, at);
  return patched;
};

const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const mono: WavFormat = { channels: 1, sampleRate: 16_000 };
const samples = Int16Array.from({ length: 640 }, (_, n) => n * 7 - 2000);

describe('a WAV file that grows', () => {
  test('reads back as written, with one channel to five', () => {
    for (const channels of [1, 2, 3, 4, 5] as const) {
      const format: WavFormat = { channels, sampleRate: 24_000 };
      const each = Array.from({ length: channels }, (_, channel) => samples.map((value) => value + channel));
      const mixed = new Int16Array(samples.length * channels);
      interleave(each, mixed);
      const data = bytesOf(mixed);
      const wav = readWav(concat(wavHeader(format, data.length), data));
      assert.ok('data' in wav);
      assert.deepEqual(
        [wav.encoding, wav.channels, wav.sampleRate, wav.bitsPerSample, wav.blockAlign],
        ['PCM', channels, 24_000, 16, channels * 2],
      );
      assert.deepEqual(separate(wav.data, channels), each);
    }
  });

  test('plays up to the last patch of its sizes, whatever was written after it', () => {
    const frame = bytesOf(samples);
    const begun = concat(wavHeader(mono, 0), frame);
    const patched = concat(apply(begun, sizePatches(mono, frame.length)), frame.subarray(0, 333));
    const wav = readWav(patched);
    assert.ok('data' in wav);
    assert.deepEqual([wav.declaredBytes, wav.data.length], [frame.length, frame.length]);
    assert.ok('samples' in readPrompt(patched));
  });

  test('is made whole after a crash, up to the last full frame of all channels', () => {
    for (const channels of [1, 2, 5] as const) {
      const format: WavFormat = { channels, sampleRate: 16_000 };
      const crashed = concat(wavHeader(format, 0), bytesOf(samples).subarray(0, 1001));
      const patches = repairPatches(crashed.subarray(0, 68), crashed.length);
      assert.ok(patches);
      const wav = readWav(apply(crashed, patches));
      assert.ok('data' in wav);
      assert.equal(wav.declaredBytes, 1001 - (1001 % (channels * 2)));
    }
  });

  test('is left alone where it is not one of ours', () => {
    const whole = concat(wavHeader(mono, 4), Uint8Array.of(1, 2, 3, 4));
    assert.ok(repairPatches(whole, whole.length));
    for (const [name, spoilt] of Object.entries({
      'cut inside its header': whole.subarray(0, 43),
      'of six channels': apply(whole, [{ at: 22, bytes: Uint8Array.of(6) }]),
      'of another kind': apply(whole, [{ at: 20, bytes: Uint8Array.of(7) }]),
      'of another make': apply(whole, [{ at: 36, bytes: Buffer.from('LIST') }]),
    })) {
      assert.equal(repairPatches(spoilt, spoilt.length), undefined, name);
    }
  });

  test('never claims more than its sizes can say', () => {
    const most = mostDataBytes({ channels: 5, sampleRate: 16_000 });
    assert.equal(most % 10, 0);
    assert.equal(wavHeader({ channels: 5, sampleRate: 16_000 }, most).length, 68);
    assert.throws(() => wavHeader(mono, mostDataBytes(mono) + 2), /start another one/);
    assert.equal(headerBytes(mono), 44);
  });
});
