import { referRefused } from './refer-refused.ts';

export const scenario = referRefused(
  'automation/481',
  '+15005552080',
  'A phone is told by REFER to call somebody else, and its side knows the call no longer.',
);
