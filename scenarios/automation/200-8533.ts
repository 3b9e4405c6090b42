import { phonePresses } from './phone-presses.ts';

export const scenario = phonePresses('automation/200/8533', 'A phone presses the key of a choice.', {
  keys: 'one',
  input: 'choices',
  options: { choices: [{ label: 'yes', tone: 'one' }] },
  event: 'RecognizeCompleted',
});
