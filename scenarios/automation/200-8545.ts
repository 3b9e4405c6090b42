import { phoneSpeaks } from './phone-speaks.ts';

export const scenario = phoneSpeaks('automation/200/8545', 'A phone says the word of a choice.', {
  manners: 'hears-confirm',
  choices: ['confirm', 'cancel'],
  event: 'RecognizeCompleted',
});
