import { phonePresses } from './phone-presses.ts';

export const scenario = phonePresses('automation/200/8514', 'A phone presses keys until a stop tone.', {
  keys: 'all',
  input: 'dtmf',
  options: { dtmfOptions: { maxTonesToCollect: 10, stopTones: ['pound'] } },
  event: 'RecognizeCompleted',
});
