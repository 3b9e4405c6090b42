/**
 * The throw-away prototype that preceded the stack, as its yardstick; read from `../shared/prototypes/sip` beside the
 * project where that is present. Its TypeScript needs `--experimental-transform-types`.
 */
import { existsSync } from 'node:fs';
import { type BareStack, calledNumber, callingNumber, host, type Opening, offer } from './bare-stack.ts';

const agent = new URL('../../shared/prototypes/sip/own/ua.ts', import.meta.url);

export const prototypeFlags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning'];

export const prototypeIsPresent = (): boolean => existsSync(agent);

interface Call {
  onAnswer?: () => void;
  onEnd?: (end: { readonly kind: string }) => void;
  progress(status: number): void;
  answer(sdp: string): void;
  bye(): void;
}

interface Agent {
  readonly ep: { readonly boundPort: number };
  readonly tl: { readonly stats: { readonly retransmitted: number } };
  onInvite?: (call: Call) => void;
  start(): Promise<void>;
  invite(options: { readonly to: string; readonly from: string; readonly sdp: string }): Call;
}

interface AgentOptions {
  readonly listen: {
    readonly proto: 'UDP' | 'TCP' | 'TLS';
    readonly host: string;
    readonly port: number;
    readonly tls?: Opening['tls'];
  };
  readonly peer: { readonly host: string; readonly port: number };
}

export async function openPrototype({ protocol, peerPort = 0, tls }: Opening): Promise<BareStack> {
  const { Ua } = (await import(agent.href)) as { readonly Ua: new (options: AgentOptions) => Agent };
  const proto = ({ udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const)[protocol];
  const prototype = new Ua({
    listen: { proto, host, port: 0, ...(tls && { tls }) },
    peer: { host, port: peerPort },
  });
  let taken = 0;
  prototype.onInvite = (call) => {
    call.onEnd = ({ kind }) => {
      if (kind === 'bye') taken += 1;
    };
    call.progress(180);
    call.answer(offer);
  };
  await prototype.start();
  return {
    port: prototype.ep.boundPort,
    call(up, over) {
      const call = prototype.invite({ to: calledNumber, from: callingNumber, sdp: offer });
      call.onAnswer = () => up(() => call.bye());
      call.onEnd = ({ kind }) => over(kind === 'bye' ? undefined : kind);
    },
    taken: () => taken,
    retransmitted: () => prototype.tl.stats.retransmitted,
  };
}
