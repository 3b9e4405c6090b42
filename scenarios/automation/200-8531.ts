import { phonePresses } from './phone-presses.ts';

export const scenario = phonePresses(
  'automation/200/8531',
  'A phone presses as many keys as an application asks for.',
  {
    keys: 'all',
    input: 'dtmf',
    options: { dtmfOptions: { maxTonesToCollect: 4 } },
    event: 'RecognizeCompleted',
  },
);
