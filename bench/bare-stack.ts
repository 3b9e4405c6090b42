/** The bare SIP stack as the bench drives it: it calls one peer, answers who calls, and nothing else runs beside it. */
import type { Protocol, Target } from '../src/edge/sip/api.ts';
import { wallClock } from '../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../src/edge/sip/endpoint.ts';

export interface Opening {
  readonly protocol: Protocol;
  /** On loopback, where calls go; absent: it only takes calls. */
  readonly peerPort?: number;
  /** PEM; needed for TLS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** How many times as fast the waiting timers go (32 s and the like), repetitions excepted; 1 when absent. */
  readonly hurry?: number;
}

export interface BareStack {
  /** Where it is called. */
  readonly port: number;
  /** INVITE with SDP; `up` is given what hangs up, `over` how it ended when that was not by a BYE. */
  call(up: (hangUp: () => void) => void, over: (otherwise: string | undefined) => void): void;
  /** Calls that came and were ended by their caller. */
  taken(): number;
  /** Messages sent again. */
  retransmitted(): number;
}

export const host = '127.0.0.1';
export const calledNumber = '+15551234567';
export const callingNumber = '+18005550100';

export const offer = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

export async function openBareStack({ protocol, peerPort, tls, hurry = 1 }: Opening): Promise<BareStack> {
  let taken = 0;
  const endpoint = createSipEndpoint({
    hosts: [host],
    port: 0,
    clock: { after: (ms, name, fire) => wallClock.after(ms / hurry, name, fire) },
    ...(tls && { tls: { port: 0, cert: tls.cert, key: tls.key, ca: [tls.ca] } }),
    onInvite(call) {
      call.ring();
      call.answer(offer);
      return {
        ended({ kind }) {
          if (kind === 'bye') taken += 1;
        },
      };
    },
  });
  const [at] = await endpoint.start();
  const port = protocol === 'tls' ? endpoint.tlsPort : at?.port;
  if (port === undefined) throw new Error('the stack listens nowhere');
  const target: Target = { host, port: peerPort ?? 0, protocol };
  const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
  const uri = `sip:${calledNumber}@${host}:${target.port}${transport}`;
  return {
    port,
    call(up, over) {
      const call = endpoint.invite(
        { target, requestUri: uri, to: uri, from: `sip:${callingNumber}@${host}`, sdp: offer },
        {
          answered: () => up(() => call.bye()),
          ended: ({ kind, reason }) => over(kind === 'bye' ? undefined : `${kind}: ${reason}`),
        },
      );
    },
    taken: () => taken,
    retransmitted: () => endpoint.stats().retransmitted,
  };
}
