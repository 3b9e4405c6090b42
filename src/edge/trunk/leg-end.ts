import type { LegEnd } from '../../app/ports/trunk.ts';
import type { CallEnd } from '../sip/api.ts';

/** What the desk is told of the end of a call; `undefined` for what it asked for itself. */
export function legEnd(end: CallEnd): LegEnd | undefined {
  const cause = end.q850 ? { q850: end.q850 } : {};
  switch (end.kind) {
    case 'final':
      if (end.by === 'local') return undefined;
      return { how: 'final', sip: { code: end.status, message: end.reason }, ...cause };
    case 'timeout':
      return { how: 'no-reply' };
    case 'transport':
      return { how: 'unreachable', why: end.reason };
    case 'bye':
      return end.by === 'local' ? undefined : { how: 'hung-up', ...cause };
    case 'cancelled':
      return { how: 'cancelled', ...cause };
    case 'cancel-confirmed':
      return { how: 'cancel-confirmed' };
    case 'expired':
    case 'lost':
      return { how: 'hung-up' };
    case 'ack-timeout':
    case 'prack-timeout':
      return { how: 'not-acknowledged' };
  }
}
