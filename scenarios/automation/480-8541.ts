import { transferFails } from './transfer-fails.ts';

export const scenario = transferFails(
  'automation/480/8541',
  480,
  'A call is transferred to a phone that is not to be had at present.',
);
