import { phoneSpeaks } from './phone-speaks.ts';

export const scenario = phoneSpeaks(
  'automation/400/8570',
  'A speech provider breaks down while it listens to a phone.',
  {
    manners: 'breaks-down',
    event: 'RecognizeFailed',
  },
);
