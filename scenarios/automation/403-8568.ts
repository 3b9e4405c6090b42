import { speechProviderFails } from './speech-provider-fails.ts';

export const scenario = speechProviderFails(
  'automation/403/8568',
  'takes-no-keys',
  'A speech provider lets in identities of Entra only, and is shown a key.',
);
