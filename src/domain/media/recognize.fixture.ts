import type { RecognizeSpec } from './operation.ts';

/** Up to three keys from `leg`, within 5 s and 2 s apart, until `#`; but for the changes. */
export const recognizeSpec = (changes: Partial<RecognizeSpec> = {}): RecognizeSpec => ({
  kind: 'recognize',
  input: 'dtmf',
  legId: 'leg',
  lane: 'main',
  prompts: [],
  interruptPrompt: false,
  initialSilenceMs: 5000,
  dtmf: { maxTones: 3, interToneMs: 2000, stopTones: ['pound'] },
  ...changes,
});
