import { phoneSpeaks } from './phone-speaks.ts';

export const scenario = phoneSpeaks('automation/400/8547', 'A phone says a word that belongs to no choice.', {
  manners: 'hears-confirm',
  choices: ['sales', 'support'],
  event: 'RecognizeFailed',
});
