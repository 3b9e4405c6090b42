import type { SipClock } from './api.ts';

/** Wall time. */
export const wallClock: SipClock = {
  after(ms, _name, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
