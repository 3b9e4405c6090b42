/** A websocket that is open: written to in time, watched for whether it is read, and closed with patience. */
import type { WebSocket } from 'ws';
import type { StreamLimits } from './limits.ts';
import { Outgoing } from './outgoing.ts';

export interface SocketHandlers {
  heard(text: string): void;
  /** Told once, when it is closed, whoever closed it. `wrong`: because of what came, by RFC 6455 or too large. */
  gone(why: string, wrong: boolean): void;
}

/** Whether pings are answered is looked at so often in the time that an answer may take. */
const looks = 4;

export class LiveSocket {
  readonly openedAt = performance.now();
  readonly outgoing: Outgoing;
  readonly #socket: WebSocket;
  readonly #limits: StreamLimits;
  readonly #watch: NodeJS.Timeout;
  #closing: NodeJS.Timeout | undefined;
  #pingedAt: number | undefined;
  #why = '';
  #wrong = false;

  constructor(socket: WebSocket, limits: StreamLimits, handlers: SocketHandlers) {
    this.#socket = socket;
    this.#limits = limits;
    this.outgoing = new Outgoing(socket, limits.staleMs);
    this.#watch = setInterval(() => this.#look(), limits.unreadMs / looks);
    socket.on('message', (data) => handlers.heard(String(data)));
    socket.on('pong', () => {
      this.#pingedAt = undefined;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#why ||= error.message;
      this.#wrong = error.code?.startsWith('WS_ERR_') ?? false;
    });
    socket.on('close', (code, reason) => {
      this.#quit();
      clearTimeout(this.#closing);
      const said = reason.length === 0 ? '' : ` (${reason.toString().slice(0, 100)})`;
      handlers.gone(this.#why || `it was closed with ${code}${said}`, this.#wrong);
    });
  }

  close(code: number, why = ''): void {
    this.#quit();
    this.#socket.close(code, why);
    this.#closing = setTimeout(() => this.#socket.terminate(), this.#limits.closingMs);
  }

  terminate(): void {
    this.#quit();
    this.#socket.terminate();
  }

  #quit(): void {
    clearInterval(this.#watch);
    this.outgoing.stop();
  }

  /** RFC 6455 5.5.2. A ping waits behind what was written before it: only who reads everything answers. */
  #look(): void {
    const now = performance.now();
    if (this.#pingedAt === undefined) {
      this.#pingedAt = now;
      this.#socket.ping();
    } else if (now - this.#pingedAt >= this.#limits.unreadMs) {
      this.#why = `nothing was read of it for ${this.#limits.unreadMs / 1000} s`;
      this.terminate();
    }
  }
}
