import { phoneSpeaks } from './phone-speaks.ts';

export const scenario = phoneSpeaks(
  'automation/400/8563',
  'A phone says something that the speech provider makes no words of.',
  {
    manners: 'understands-nothing',
    event: 'RecognizeFailed',
  },
);
