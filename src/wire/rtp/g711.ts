/** G.711: 8000 samples a second, a byte each. Tables, because one byte each way must cost nanoseconds. */
export type G711 = 'PCMU' | 'PCMA';

/** The byte of a zero sample: what a line sounds like when nobody speaks. */
export const silence = { PCMU: 0xff, PCMA: 0xd5 } as const satisfies Record<G711, number>;

export const samplesPerFrame = 160;

/** ITU-T G.711 µ-law: bytes are complemented on the wire; the bias of 132 makes every segment start on a power of two. */
const muLawSample = (byte: number): number => {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits & 0x70) >> 4)) - 132;
  return (bits & 0x80) !== 0 ? -magnitude : magnitude;
};

/** ITU-T G.711 A-law: even bits are inverted on the wire; the first two segments are linear. */
const aLawSample = (byte: number): number => {
  const bits = byte ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
};

const muLawByte = (sample: number): number => {
  const biased = Math.min(Math.abs(sample), 32635) + 132;
  const segment = 24 - Math.clz32(biased);
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((biased >> (segment + 3)) & 0x0f)) & 0xff;
};

const aLawByte = (sample: number): number => {
  // A negative sample is coded from its one's complement, so that -1 is the smallest negative step.
  const magnitude = sample < 0 ? ~sample : sample;
  const segment = Math.max(0, 24 - Math.clz32(magnitude));
  const step = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
};

const decoded = (sampleOf: (byte: number) => number): Int16Array =>
  Int16Array.from({ length: 256 }, (_, byte) => sampleOf(byte));

/** Indexed by the sample's 16 bits read as unsigned. */
const encoded = (byteOf: (sample: number) => number): Uint8Array => {
  const table = new Uint8Array(65536);
  for (let bits = 0; bits < 65536; bits++) table[bits] = byteOf((bits << 16) >> 16);
  return table;
};

const decodeTables = { PCMU: decoded(muLawSample), PCMA: decoded(aLawSample) };
const encodeTables = { PCMU: encoded(muLawByte), PCMA: encoded(aLawByte) };

/** `into` has as many elements, or more; a new array where absent. */
export const decodeG711 = (
  codec: G711,
  bytes: Uint8Array,
  into: Int16Array = new Int16Array(bytes.length),
): Int16Array => {
  const table = decodeTables[codec];
  for (let index = 0; index < bytes.length; index++) into[index] = table[bytes[index]!]!;
  return into;
};

/** `into` as for `decodeG711`. */
export const encodeG711 = (
  codec: G711,
  samples: Int16Array,
  into: Uint8Array = new Uint8Array(samples.length),
): Uint8Array => {
  const table = encodeTables[codec];
  for (let index = 0; index < samples.length; index++) into[index] = table[samples[index]! & 0xffff]!;
  return into;
};
