import { phoneSpeaks } from './phone-speaks.ts';

export const scenario = phoneSpeaks(
  'automation/400/8509',
  'A phone begins to speak, and there is only silence in what follows.',
  {
    manners: 'hears-nothing',
    event: 'RecognizeFailed',
  },
);
