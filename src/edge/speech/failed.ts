import type { SpeechFailure } from '../../app/ports/speech.ts';

export const failed = (because: SpeechFailure['because'], detail: string): SpeechFailure => ({
  kind: 'failed',
  because,
  detail,
});
