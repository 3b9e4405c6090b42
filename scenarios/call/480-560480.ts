import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/480/560480',
  480,
  'A phone is called that is switched off: 480.',
);
