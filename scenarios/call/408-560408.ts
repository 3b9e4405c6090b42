import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/408/560408',
  408,
  'A phone is called; the carrier itself waited in vain and says 408.',
);
