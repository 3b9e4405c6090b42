import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/500/560500',
  500,
  'A phone is called; a server of the carrier fails with 500.',
);
