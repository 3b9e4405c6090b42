import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/486/560486',
  486,
  'A phone is called that is engaged: 486 Busy Here.',
);
