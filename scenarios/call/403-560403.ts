import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/403/560403',
  403,
  'A phone is called; its carrier forbids the call with 403.',
);
