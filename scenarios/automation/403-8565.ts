import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/403/8565',
  'answers-403',
  'A speech provider has no quota left.',
);
