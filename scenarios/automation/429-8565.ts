import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/429/8565',
  'answers-429',
  'A speech provider gets too many requests.',
);
