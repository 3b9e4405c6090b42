import { carrierRefuses } from './carrier-refuses.ts';

export const scenario = carrierRefuses('call/603/560603', 603, 'A phone is called and declines: 603.');
