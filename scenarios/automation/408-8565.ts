import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/408/8565',
  'answers-408',
  'A speech provider says that it took too long.',
);
