/** A network that loses datagrams both ways. Which ones a seed decides, whatever comes first in a run. */
import { createHash } from 'node:crypto';
import type { Network } from '../../src/edge/sip/network.ts';
import { field } from './raw-sip.ts';

export interface LossyNetwork {
  readonly network: Network;
  /** Datagrams with SIP so far, those that were lost among them. */
  readonly counts: { carried: number; lost: number };
}

const user = (value: string): string => /sips?:([^@>;]+)@/.exec(value)?.[1] ?? '';

/** The same for the same message of each run: its random parts are left out, the number of the call in SIPp is not. */
function identity(text: string): string {
  const [first = '', second = ''] = text.split(' ', 2);
  const parties = [user(field(text, 'From')), user(field(text, 'To'))].sort();
  const call = /^\d+(?=-)/.exec(field(text, 'Call-ID'))?.[0] ?? '';
  return [first === 'SIP/2.0' ? second : first, field(text, 'CSeq'), ...parties, call].join(' ');
}

/** `share`: of all datagrams, in [0, 1). Every copy of a message has its own fate. */
export function lossyNetwork(inner: Network, share: number, seed: number): LossyNetwork {
  const counts = { carried: 0, lost: 0 };
  const copies = new Map<string, number>();
  const isLost = (direction: 'in' | 'out', bytes: Buffer): boolean => {
    const message = `${direction} ${identity(bytes.toString('latin1'))}`;
    const copy = (copies.get(message) ?? 0) + 1;
    copies.set(message, copy);
    const drawn =
      createHash('sha256').update(`${seed} ${message} ${copy}`).digest().readUInt32BE(0) / 2 ** 32;
    counts.carried += 1;
    if (drawn < share) counts.lost += 1;
    return drawn < share;
  };
  const network: Network = {
    ...inner,
    async bind(at, events) {
      const socket = await inner.bind(at, {
        received: (bytes, from) => {
          if (!isLost('in', bytes)) events.received(bytes, from);
        },
      });
      return {
        local: socket.local,
        close: () => socket.close(),
        send: (bytes, to, failed) => {
          if (!isLost('out', bytes)) socket.send(bytes, to, failed);
        },
      };
    },
  };
  return { network, counts };
}
