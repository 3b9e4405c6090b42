/** A SIP peer that says exactly what a test tells it to, on the stack's in-memory network, and a clock that stands still. */
import assert from 'node:assert/strict';
import type { Address, SipClock } from '../../src/edge/sip/api.ts';
import type { DatagramSocket, Network } from '../../src/edge/sip/network.ts';
import { type MemoryNetworkOptions, memoryNetwork } from '../../src/edge/sip/network-memory.ts';

export const sdp = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

export interface ManualClock extends SipClock {
  advance(ms: number): void;
  readonly armed: number;
}

export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  return {
    get armed() {
      return timers.size;
    },
    after(ms, _name, fire) {
      const timer = { at: now + ms, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        now = next.at;
        next.fire();
      }
      now = until;
    },
  };
}

export interface QuietNetwork {
  readonly network: Network;
  /** Resolves when nothing is under way any more. */
  quiet(): Promise<void>;
}

export function quietNetwork(options: Omit<MemoryNetworkOptions, 'hold'> = {}): QuietNetwork {
  let held = 0;
  const network = memoryNetwork({
    ...options,
    hold: () => {
      held += 1;
      return () => {
        held -= 1;
      };
    },
  });
  return {
    network,
    async quiet() {
      do await new Promise((resolve) => setImmediate(resolve));
      while (held > 0);
    },
  };
}

/** Waits for a condition; says why not yet when it gives up. */
export async function until(why: () => string | undefined): Promise<void> {
  for (const started = performance.now(); ; ) {
    const not = why();
    if (not === undefined) return;
    if (performance.now() - started > 5000) assert.fail(`still ${not}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface RequestWords {
  readonly method?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly extra?: readonly string[];
  readonly contact?: string;
  readonly body?: string;
}

let count = 0;

export class RawPeer {
  readonly heard: readonly string[];
  readonly local: Address;
  readonly #socket: DatagramSocket;
  readonly #to: () => Address;

  private constructor(socket: DatagramSocket, to: () => Address, heard: readonly string[]) {
    this.#socket = socket;
    this.local = socket.local;
    this.#to = to;
    this.heard = heard;
  }

  static async open(
    network: Network,
    to: () => Address,
    at: Address = { host: '127.0.0.1', port: 0 },
  ): Promise<RawPeer> {
    const heard: string[] = [];
    const socket = await network.bind(at, { received: (bytes) => heard.push(bytes.toString('latin1')) });
    return new RawPeer(socket, to, heard);
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  say(text: string): void {
    this.#socket.send(Buffer.from(text, 'latin1'), this.#to(), () => {});
  }

  /** First lines of what it heard: method or status, CSeq method for responses. */
  get lines(): readonly string[] {
    return this.heard.map((text) => {
      const [first = ''] = text.split('\r\n');
      return first.startsWith('SIP/2.0')
        ? `${first.slice(8, 11)} ${field(text, 'CSeq').split(' ')[1]}`
        : first.split(' ')[0]!;
    });
  }

  last(start: string): string {
    const found = this.heard.findLast((text) => text.startsWith(start));
    assert.ok(found, `it heard no ${start}, but ${this.lines.join(', ')}`);
    return found;
  }

  /** Answers a request; `tag` is the To tag where the request has none. */
  answer(
    request: string,
    line: string,
    more: { readonly tag?: string; readonly headers?: readonly string[]; readonly body?: string } = {},
  ): void {
    const to = field(request, 'To');
    const tagged = more.tag === undefined || to.includes(';tag=') ? to : `${to};tag=${more.tag}`;
    this.say(
      [
        `SIP/2.0 ${line}`,
        ...['Via', 'From'].map((name) => `${name}: ${field(request, name)}`),
        `To: ${tagged}`,
        ...['Call-ID', 'CSeq'].map((name) => `${name}: ${field(request, name)}`),
        ...(more.headers ?? [`Contact: <sip:peer@${this.local.host}:${this.local.port}>`]),
        ...bodyLines(more.body),
      ].join('\r\n'),
    );
  }

  request(words: RequestWords = {}): string {
    count += 1;
    const method = words.method ?? 'INVITE';
    const where = `${this.local.host}:${this.local.port}`;
    const text = [
      `${method} ${words.uri ?? 'sip:+15551234567@127.0.0.1'} SIP/2.0`,
      `Via: SIP/2.0/UDP ${where};branch=${words.branch ?? `z9hG4bKraw${count}`};rport`,
      'Max-Forwards: 70',
      `From: ${words.from ?? '<sip:+1999@127.0.0.1>'};tag=${words.fromTag ?? 'raw'}`,
      `To: <sip:+15551234567@127.0.0.1>${words.toTag === undefined ? '' : `;tag=${words.toTag}`}`,
      `Call-ID: ${words.callId ?? `raw${count}`}`,
      `CSeq: ${words.cseq ?? 1} ${method}`,
      words.contact ?? `Contact: <sip:peer@${where}>`,
      ...(words.extra ?? []),
      ...bodyLines(words.body),
    ].join('\r\n');
    this.say(text);
    return text;
  }
}

function bodyLines(body: string | undefined): readonly string[] {
  if (body === undefined) return ['Content-Length: 0', '', ''];
  return ['Content-Type: application/sdp', `Content-Length: ${body.length}`, '', body];
}

/** The value of a header. */
export function field(text: string, name: string): string {
  const line = text.split('\r\n').find((l) => l.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}

export function tagOf(text: string): string {
  return /;tag=([^;\s]+)/.exec(field(text, 'To'))?.[1] ?? '';
}
