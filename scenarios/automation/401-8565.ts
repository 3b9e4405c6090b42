import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/401/8565',
  'answers-401',
  'A speech provider rejects the key that it is shown.',
);
