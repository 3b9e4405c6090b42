/** An endpoint and a peer that says what a test tells it to, on a network in memory and a clock that stands still. */
import {
  field,
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
  sdp,
  tagOf,
} from '../../../test/peers/raw-sip.ts';
import type {
  Address,
  CallEnd,
  CallHandlers,
  Header,
  InboundCall,
  OutboundCall,
  SipEndpoint,
  SipEndpointOptions,
} from './api.ts';
import { createSipEndpoint } from './endpoint.ts';
import type { Network } from './network.ts';

const t1 = 200;

export interface Placing {
  readonly offerless?: boolean;
  readonly headers?: readonly Header[];
}

export class Line {
  /** 64*T1. */
  readonly limit = 64 * t1;
  readonly clock: ManualClock;
  readonly endpoint: SipEndpoint;
  readonly peer: RawPeer;
  /** What the user of the calls was told, in brief. */
  readonly told: string[] = [];
  /** Descriptions that answered ours. */
  readonly answers: (string | undefined)[] = [];
  readonly #net: QuietNetwork;
  /** The call of the test. */
  call: OutboundCall | undefined;
  taken: InboundCall | undefined;
  onCall: (call: InboundCall) => void = (call) => call.answer(sdp);
  /** Further handlers. */
  handlers: Partial<CallHandlers> = {};
  /** The user has no handlers but for the end. */
  bare = false;

  private constructor(clock: ManualClock, net: QuietNetwork, endpoint: SipEndpoint, peer: RawPeer) {
    this.clock = clock;
    this.#net = net;
    this.endpoint = endpoint;
    this.peer = peer;
  }

  static async open(options: Partial<SipEndpointOptions> = {}): Promise<Line> {
    const clock = manualClock();
    const net = quietNetwork();
    const endpoint = createSipEndpoint({
      hosts: ['127.0.0.1'],
      port: 5060,
      clock,
      network: net.network,
      // So long that what is repeated on wall time is repeated only where a test waits for it.
      timing: { t1, t2: 8 * t1, t4: 10 * t1 },
      onInvite: (call) => {
        line.taken = call;
        line.onCall(call);
        return line.#handlers();
      },
      failed: (error) => {
        throw error;
      },
      ...options,
    });
    const [at] = (await endpoint.start()) as [Address];
    const peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
    const line: Line = new Line(clock, net, endpoint, peer);
    return line;
  }

  close(): Promise<void> {
    return this.endpoint.stop(0);
  }

  /** For further endpoints beside this one. */
  get network(): Network {
    return this.#net.network;
  }

  quiet(): Promise<void> {
    return this.#net.quiet();
  }

  count(start: string): number {
    return this.peer.lines.filter((line) => line === start).length;
  }

  #handlers() {
    const ended = ({ kind, by, status }: CallEnd): void => {
      this.told.push(`${kind} ${by} ${status}`);
    };
    if (this.bare) return { ended };
    return {
      progress: ({ status }: { readonly status: number }) => this.told.push(String(status)),
      answered: () => this.told.push('answered'),
      acknowledged: (answer: string | undefined) => {
        this.told.push('acknowledged');
        this.answers.push(answer);
      },
      offer: () => {
        this.told.push('offer');
        return sdp;
      },
      offerAnswered: () => this.told.push('offer answered'),
      ended,
      ...this.handlers,
    };
  }

  /** Calls the peer. */
  async place({ offerless = false, headers = [] }: Placing = {}): Promise<OutboundCall> {
    const call = this.endpoint.invite(
      {
        target: { host: '127.0.0.1', port: 5070, protocol: 'udp' },
        requestUri: 'sip:+1555@127.0.0.1:5070',
        from: 'sip:+1666@127.0.0.1',
        to: 'sip:+1555@127.0.0.1:5070',
        headers,
        ...(offerless ? {} : { sdp }),
      },
      this.#handlers(),
    );
    this.call = call;
    await this.quiet();
    return call;
  }

  /** Calls the peer, who answers; further headers of its 200. */
  async placed(headers: readonly string[] = []): Promise<OutboundCall> {
    const call = await this.place();
    const contact = `Contact: <sip:peer@127.0.0.1:${this.peer.local.port}>`;
    this.peer.answer(this.peer.last('INVITE'), '200 OK', {
      tag: 'p',
      headers: [contact, ...headers],
      body: sdp,
    });
    await this.quiet();
    return call;
  }

  /** The peer calls and is answered; resolves with our tag. */
  async served(callId: string, extra: readonly string[] = []): Promise<string> {
    this.peer.request({ callId, extra, body: sdp });
    await this.quiet();
    const toTag = tagOf(this.peer.last('SIP/2.0 200'));
    this.peer.request({ method: 'ACK', callId, toTag });
    await this.quiet();
    return toTag;
  }

  /** The peer calls and is answered at once; resolves with our tag. */
  async answered(callId: string, acknowledged = true): Promise<string> {
    this.onCall = (call) => call.answer(sdp);
    if (acknowledged) return this.served(callId);
    this.peer.request({ callId, body: sdp });
    await this.quiet();
    return tagOf(this.peer.last('SIP/2.0 200'));
  }

  /** A request of the peer inside the call that it answered. */
  async inside(method: string, cseq: number, extra: readonly string[] = [], body?: string): Promise<void> {
    const from = `<sip:+1555@127.0.0.1:5070>`;
    const toTag = /;tag=([^;\s]+)/.exec(field(this.peer.last('INVITE'), 'From'))?.[1] ?? '';
    const callId = field(this.peer.last('INVITE'), 'Call-ID');
    this.peer.request({
      ...{ method, cseq, extra, from, fromTag: 'p', toTag, callId },
      ...(body === undefined ? {} : { body }),
    });
    await this.quiet();
  }
}
