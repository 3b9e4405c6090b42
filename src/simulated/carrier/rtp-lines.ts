/** The carrier's own RTP: what the media host is to the server, without a process of its own. */
import { createSocket, type Socket } from 'node:dgram';
import { framesDue } from '../../wire/rtp/pacing.ts';
import { RtpLine } from './rtp-line.ts';

/** All lines are paced by one timer, which runs while there are any. */
export class RtpLines {
  readonly #address: string;
  readonly #most: number;
  readonly #lines = new Set<RtpLine>();
  #opening = 0;
  #timer: NodeJS.Timeout | undefined;
  #begun = 0;
  #next = 0;

  constructor(address: string, most: number) {
    this.#address = address;
    this.#most = most;
  }

  get size(): number {
    return this.#lines.size;
  }

  /** `undefined` when the carrier has no line left. */
  async open(): Promise<RtpLine | undefined> {
    if (this.#lines.size + this.#opening >= this.#most) return undefined;
    this.#opening++;
    const socket = await bind(this.#address).finally(() => this.#opening--);
    if (socket === undefined) return undefined;
    const line = new RtpLine(socket, () => {
      this.#lines.delete(line);
      if (this.#lines.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    });
    this.#lines.add(line);
    if (this.#timer === undefined) {
      this.#begun = performance.now();
      this.#next = 0;
      this.#tick();
    }
    return line;
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  readonly #tick = (): void => {
    const { from, count, wait } = framesDue(performance.now() - this.#begun, this.#next);
    this.#next = from + count;
    this.#timer = setTimeout(this.#tick, Math.max(1, Math.ceil(wait)));
    for (let frame = from; frame < from + count; frame++) {
      for (const line of this.#lines) line.frame(frame);
    }
  };
}

const bind = (address: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address, port: 0, exclusive: true }, () => {
      socket.removeAllListeners('error');
      // A far end that is gone must not take the carrier with it.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
