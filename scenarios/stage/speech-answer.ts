/** A speech provider in the shape of Azure Speech: text to speech, and speech to text for short audio. */
import type { SpeechManners } from '../scenario.ts';
import { toneFile } from './audio-file.ts';

export interface SpeechAnswer {
  readonly status: number;
  readonly body: string | Buffer;
}

const json = (status: number, value: unknown): SpeechAnswer => ({ status, body: JSON.stringify(value) });

/** `format=detailed`: what was understood, the likeliest first. */
const understood = (text: string): SpeechAnswer =>
  json(200, {
    RecognitionStatus: 'Success',
    DisplayText: `${text}.`,
    NBest: [{ Confidence: 0.93, Lexical: text, Display: `${text}.` }],
  });

/** Services that take identities of Entra only say this to a key. */
const keysDisabled = {
  error: {
    code: 'AuthenticationTypeDisabled',
    message: 'Key based authentication is disabled for this resource.',
  },
};

const recognitions: Readonly<Partial<Record<string, SpeechAnswer>>> = {
  'hears-nothing': json(200, { RecognitionStatus: 'InitialSilenceTimeout' }),
  'understands-nothing': json(200, { RecognitionStatus: 'NoMatch' }),
  'breaks-down': json(200, { RecognitionStatus: 'Error' }),
};

/** Undefined: it closes the connection instead. `asked`: path and query below the endpoint. */
export function speechAnswer(manners: SpeechManners | string, asked: string): SpeechAnswer | undefined {
  if (manners === 'hangs-up') return undefined;
  if (manners === 'takes-no-keys') return json(403, keysDisabled);
  const status = /^answers-(\d{3})$/.exec(manners)?.[1];
  if (status !== undefined) return json(Number(status), { error: { code: status, message: 'As you see.' } });
  if (!asked.startsWith('speech/recognition/')) return { status: 200, body: toneFile(1) };
  return recognitions[manners] ?? understood(manners.replace(/^hears-/, ''));
}
