import type { Fact } from './facts.ts';
import type { RemoteMedia } from './leg-events.ts';

/**
 * The fact as it is stored: without keys of SRTP and passwords of ICE, with which who reads the journal could listen to
 * what was captured. They are of use while the leg lives, and no leg outlives the process that holds them.
 */
export function withoutSecrets(fact: Fact): Fact {
  switch (fact.fact) {
    case 'leg-allocated': {
      const { address, port } = fact.local;
      return { ...fact, local: { address, port } };
    }
    case 'leg-opened':
      return fact.leg.remote ? { ...fact, leg: { ...fact.leg, remote: bare(fact.leg.remote) } } : fact;
    case 'leg-answered':
    case 'leg-media':
      return fact.remote ? { ...fact, remote: bare(fact.remote) } : fact;
    default:
      return fact;
  }
}

function bare(remote: RemoteMedia): RemoteMedia {
  const { crypto, ice } = remote;
  return {
    ...remote,
    ...(crypto ? { crypto: { ...crypto, key: '' } } : {}),
    ...(ice ? { ice: { ...ice, password: '' } } : {}),
  };
}
