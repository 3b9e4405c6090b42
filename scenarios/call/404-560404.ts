import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses(
  'call/404/560404',
  404,
  'A number is called that the carrier does not know: 404.',
);
