import { transferFails } from './transfer-fails.ts';

export const scenario = transferFails(
  'automation/404/8543',
  404,
  'A call is transferred to a number that does not exist.',
);
