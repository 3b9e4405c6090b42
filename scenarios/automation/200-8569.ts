import { phoneSpeaks } from './phone-speaks.ts';

export const scenario = phoneSpeaks('automation/200/8569', 'A phone says something, and it is understood.', {
  manners: 'hears-confirm',
  event: 'RecognizeCompleted',
});
