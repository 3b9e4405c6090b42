/** Audio inside the server is 16-bit PCM, mono, 16 kHz, in frames of 20 ms: 320 samples. */
export const busRate = 16_000;
export const frameSamples = 320;
export const frameMs = 20;

/** As close to a sample as 16 bits come: rounded, and stopped at the ends instead of wrapping round. */
export const toSample = (value: number): number =>
  value >= 32767 ? 32767 : value <= -32768 ? -32768 : Math.round(value);
