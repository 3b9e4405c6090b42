import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/484/560484',
  484,
  'A number is called that the carrier finds incomplete: 484.',
);
