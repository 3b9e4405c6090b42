/** What may be played to a call: WAV, PCM, mono, 16-bit, 16 kHz, and nothing else. */
import { type NoWav, readWav, samplesOf, type Wav } from './wav.ts';

/** 16 kHz, mono. */
export interface Prompt {
  readonly samples: Int16Array;
}

export const promptRate = 16_000;

/**
 * The samples of a prompt, or what was found instead of one: "MP3", "stereo, 8000 Hz", "truncated data chunk: 300 of
 * 32000 bytes".
 */
export function readPrompt(bytes: Uint8Array): Prompt | NoWav {
  const wav = readWav(bytes);
  if ('found' in wav) return wav;
  const departures = [
    ...(wav.encoding === 'PCM' ? [] : [encodingName(wav)]),
    ...(wav.channels === 1 ? [] : [wav.channels === 2 ? 'stereo' : `${wav.channels} channels`]),
    ...(wav.sampleRate === promptRate ? [] : [`${wav.sampleRate} Hz`]),
    ...(wav.bitsPerSample === 16 ? [] : [`${wav.bitsPerSample}-bit`]),
  ];
  if (departures.length > 0) return { found: departures.join(', ') };
  if (wav.blockAlign !== 2) return { found: `a block align of ${wav.blockAlign} bytes for mono 16-bit` };
  const there = wav.data.length;
  if (there < wav.declaredBytes) {
    return { found: `truncated data chunk: ${there} of ${wav.declaredBytes} bytes` };
  }
  if (there === 0) return { found: 'an empty data chunk' };
  if (there % 2 !== 0) return { found: `a data chunk of an odd number of bytes (${there})` };
  return { samples: samplesOf(wav.data) };
}

const encodingName = ({ encoding, formatTag }: Wav): string =>
  encoding === 'other' ? `WAVE format 0x${formatTag.toString(16).padStart(4, '0')}` : `${encoding} in WAV`;
