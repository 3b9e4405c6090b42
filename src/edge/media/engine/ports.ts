import { createSocket, type Socket } from 'node:dgram';
import type { EngineSettings } from '../messages.ts';

export type Bound = { readonly socket: Socket; readonly port: number } | { readonly why: string };

/** Addresses are literals here; with this, `dgram` asks no resolver before each packet. */
const literal = (
  host: string,
  _options: unknown,
  done: (error: null, address: string, family: number) => void,
): void => done(null, host, host.includes(':') ? 6 : 4);

/** Hands out the even ports of a range in turn, so that a port just freed is the last to be used again. */
export class PortRange {
  readonly #settings: EngineSettings;
  readonly #lowest: number;
  readonly #count: number;
  readonly #taken = new Set<number>();
  #next: number;

  /** `chance` in [0, 1) picks where in the range to begin. */
  constructor(settings: EngineSettings, chance: number) {
    const [low, high] = settings.rtpPorts;
    this.#settings = settings;
    // RFC 3550 11: RTP takes an even port, its RTCP the odd one above.
    this.#lowest = low + (low % 2);
    this.#count = high === 0 ? 0 : Math.floor((high - this.#lowest) / 2) + 1;
    this.#next = Math.floor(chance * this.#count);
  }

  async bind(): Promise<Bound> {
    const { rtpPorts, address } = this.#settings;
    if (rtpPorts[1] === 0) return this.#bindTo(0);
    for (let tried = 0; tried < this.#count; tried++) {
      const port = this.#lowest + 2 * (this.#next++ % this.#count);
      if (this.#taken.has(port)) continue;
      // Taken before the wait: two legs may ask in the same turn.
      this.#taken.add(port);
      const bound = await this.#bindTo(port);
      if ('socket' in bound) return bound;
      this.#taken.delete(port);
      if (bound.code !== 'EADDRINUSE') return bound;
    }
    return { why: `no free RTP port in ${rtpPorts[0]}-${rtpPorts[1]} on ${address}` };
  }

  free(port: number): void {
    this.#taken.delete(port);
  }

  #bindTo(port: number): Promise<Bound & { readonly code?: string }> {
    const { address, rtpPorts } = this.#settings;
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', lookup: literal });
    return new Promise((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => {
        socket.close();
        const code = error.code ?? 'error';
        const range = `${rtpPorts[0]}-${rtpPorts[1]}`;
        resolve({ code, why: `cannot bind RTP port ${port} (of ${range}) on ${address}: ${code}` });
      });
      socket.bind({ port, address, exclusive: true }, () => {
        socket.removeAllListeners('error');
        resolve({ socket, port: socket.address().port });
      });
    });
  }
}
