import { carrierRefuses } from '../call/carrier-refuses.ts';

export const scenario = carrierRefuses(
  'automation/400/8546',
  211,
  'An application calls a number that answers without describing its audio, which SIP does not allow.',
);
