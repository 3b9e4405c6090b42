/**
 * RIFF/WAVE, by Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" and the later
 * WAVE_FORMAT_EXTENSIBLE. Bytes come from strangers: whatever they hold, an answer comes back and nothing is thrown.
 */

export type Encoding = 'PCM' | 'float' | 'A-law' | 'µ-law' | 'MP3' | 'ADPCM' | 'other';

export interface Wav {
  readonly encoding: Encoding;
  /** The format tag as it stands there, the one inside the GUID where the format is extensible. */
  readonly formatTag: number;
  readonly channels: number;
  /** Frames a second. */
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly blockAlign: number;
  /** What is there of the data chunk, as bytes. */
  readonly data: Uint8Array;
  /** What its header says it has. */
  readonly declaredBytes: number;
}

/** What the bytes are instead, in words: "MP3", "no fmt chunk". */
export interface NoWav {
  readonly found: string;
}

const pcmTag = 1;
export const extensibleTag = 0xfffe;

const encodings: Readonly<Record<number, Encoding>> = {
  [pcmTag]: 'PCM',
  2: 'ADPCM',
  3: 'float',
  6: 'A-law',
  7: 'µ-law',
  17: 'ADPCM',
  80: 'MP3',
  85: 'MP3',
};

/** What follows the format tag in the GUID of an extensible format. */
export const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71] as const;

/** A file has a handful of chunks; more are an attempt to keep us busy. */
const mostChunks = 1000;

export function readWav(bytes: Uint8Array): Wav | NoWav {
  const other = foreign(bytes);
  if (other !== undefined) return { found: other };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Omit<Wav, 'data' | 'declaredBytes'> | undefined;
  let at = 12;
  for (let chunks = 0; at + 8 <= bytes.length; chunks++) {
    if (chunks === mostChunks) return { found: `more than ${mostChunks} chunks` };
    const id = ascii(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    const from = at + 8;
    if (id === 'fmt ') {
      const read = readFormat(bytes, view, from, size);
      if ('found' in read) return read;
      format = read;
    } else if (id === 'data') {
      if (format === undefined) return { found: 'a data chunk before any fmt chunk' };
      return { ...format, data: bytes.subarray(from, from + size), declaredBytes: size };
    }
    // Chunks start at even offsets.
    at = from + size + (size & 1);
  }
  return { found: format === undefined ? 'no fmt chunk' : 'no data chunk' };
}

function readFormat(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  size: number,
): Omit<Wav, 'data' | 'declaredBytes'> | NoWav {
  if (size < 16) return { found: `a fmt chunk of ${size} bytes` };
  if (at + size > bytes.length) return { found: 'a truncated fmt chunk' };
  let formatTag = view.getUint16(at, true);
  if (formatTag === extensibleTag) {
    if (size < 40) return { found: 'an extensible format without its extension' };
    const isWave = guidTail.every((byte, index) => bytes[at + 26 + index] === byte);
    if (isWave) formatTag = view.getUint16(at + 24, true);
  }
  return {
    encoding: encodings[formatTag] ?? 'other',
    formatTag,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    blockAlign: view.getUint16(at + 12, true),
    bitsPerSample: view.getUint16(at + 14, true),
  };
}

const starts: readonly (readonly [from: number, text: string, name: string])[] = [
  [0, 'ID3', 'MP3'],
  [0, 'OggS', 'Ogg'],
  [0, 'fLaC', 'FLAC'],
  [4, 'ftyp', 'MP4'],
  [0, 'FORM', 'AIFF'],
  [0, 'RF64', 'RF64'],
  [0, 'RIFX', 'RIFX (big-endian)'],
  [0, '.snd', 'AU'],
  [0, '#!AMR', 'AMR'],
  [0, '\x1a\x45\xdf\xa3', 'WebM'],
  [0, '<', 'a text (HTML or XML)'],
  [0, '{', 'a text (JSON)'],
];

/** The name of what is not RIFF/WAVE. */
function foreign(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'nothing: 0 bytes';
  if (ascii(bytes, 0, 4) === 'RIFF') {
    if (bytes.length < 12) return 'a truncated RIFF header';
    const kind = ascii(bytes, 8, 4);
    return kind === 'WAVE' ? undefined : `RIFF ${printable(kind)}`;
  }
  const known = starts.find(([from, text]) => ascii(bytes, from, text.length) === text);
  if (known) return known[2];
  // ISO 11172-3 2.4.1.3: eleven bits of sync; layer 00 is reserved there, and what ADTS writes (ISO 13818-7 6.2).
  const second = bytes[1] ?? 0;
  if (bytes[0] === 0xff && (second & 0xe0) === 0xe0) return (second & 0x06) === 0 ? 'AAC' : 'MP3';
  return 'no RIFF header';
}

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** The byte order of this machine is that of the files. */
const sameOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The samples of 16-bit PCM, channels interleaved as they are. They may lie in the same memory as the bytes. */
export function samplesOf(data: Uint8Array): Int16Array {
  if (sameOrder && data.byteOffset % 2 === 0)
    return new Int16Array(data.buffer, data.byteOffset, data.byteLength >> 1);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const samples = new Int16Array(data.byteLength >> 1);
  for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(index * 2, true);
  return samples;
}

/** 16-bit PCM, little-endian. */
export function bytesOf(samples: Int16Array): Uint8Array {
  if (sameOrder) return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength).slice();
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < samples.length; index++) view.setInt16(index * 2, samples[index]!, true);
  return bytes;
}
