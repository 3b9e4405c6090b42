import { referRefused } from './refer-refused.ts';

export const scenario = referRefused(
  'automation/603',
  '+15005552000',
  'A phone is told by REFER to call somebody else and declines to do so.',
);
