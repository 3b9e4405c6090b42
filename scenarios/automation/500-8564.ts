import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/500/8564',
  'hangs-up',
  'A speech provider cuts the connection instead of answering.',
);
