import { phonePresses } from './phone-presses.ts';

export const scenario = phonePresses(
  'automation/500/8534',
  'A phone presses a key that belongs to no choice.',
  {
    keys: 'one',
    input: 'choices',
    options: { choices: [{ label: 'no', tone: 'two' }] },
    event: 'RecognizeFailed',
  },
);
