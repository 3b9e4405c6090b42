import { transferFails } from './transfer-fails.ts';

export const scenario = transferFails(
  'automation/487/8542',
  487,
  'A call is transferred to a phone whose network cancels the call to it.',
);
