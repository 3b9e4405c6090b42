import { transferFails } from './transfer-fails.ts';

export const scenario = transferFails(
  'automation/600/8540',
  600,
  'A call is transferred to somebody who is busy on every device.',
);
