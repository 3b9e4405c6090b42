import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/400/8565',
  'answers-400',
  'A speech provider takes what it is asked for wrong.',
);
