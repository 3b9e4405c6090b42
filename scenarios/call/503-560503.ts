import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/503/560503',
  503,
  'A phone is called; the carrier is out of order and says 503.',
);
