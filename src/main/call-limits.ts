/** The limits of calls, as the configuration has them. */
import type { ServiceDependencies } from '../app/desks/call-service.ts';
import type { Config } from '../config/config.ts';

/** Wall time that a media process has to give a leg. */
const mediaAnswerMs = 5000;

export function callLimits({ callRinging, media, limits }: Config): ServiceDependencies['limits'] {
  return {
    ring: callRinging.pstn,
    offer: callRinging.offer,
    mediaSetup: media.setupLimit,
    mediaLoss: media.lossLimit,
    mediaAnswer: mediaAnswerMs,
    duration: limits.maxCallDuration,
  };
}

export function callCeilings({ limits }: Config): ServiceDependencies['ceilings'] {
  const { createCallsPerSecond, activeCalls, callsPerMonth } = limits;
  return {
    ...(createCallsPerSecond === undefined ? {} : { createCallsPerSecond }),
    ...(activeCalls === undefined ? {} : { activeCalls }),
    ...(callsPerMonth === undefined ? {} : { callsPerMonth }),
  };
}
