import { transferFails } from './transfer-fails.ts';

export const scenario = transferFails(
  'automation/603/8538',
  603,
  'A call is transferred to a phone that declines it.',
);
