/** Devices' websockets, on the sockets of the HTTP edge. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ClientFrame, connectFrame, decodePayload } from '../../wire/realtime/frames.ts';
import type { Link, Session } from './session.ts';

/** Answers to pushes and pings: a few hundred bytes each. */
const mostBytes = 65_536;
/** Bytes that the kernel has not taken: more, and the device is not reading. */
const mostBuffered = 4 * 1_048_576;
/** For the closing handshake, in wall time. */
const closeWithinMs = 2_000;
/** RFC 6455 7.4.1: going away. */
const goingAway = 1001;

const address = /^\/socket\.io\/1\/websocket\/([\w-]{1,64})$/;

export interface WebsocketsParts {
  /** The session that this name opens, once. */
  readonly redeem: (socketId: string) => Session | undefined;
  readonly trouble: (error: unknown) => void;
}

const binary: ClientFrame = { kind: 'malformed', why: 'it is binary' };

class WebsocketLink implements Link {
  readonly #socket: WebSocket;
  readonly #deaf: () => void;

  constructor(socket: WebSocket, deaf: () => void) {
    this.#socket = socket;
    this.#deaf = deaf;
  }

  send(frame: string): void {
    if (this.#socket.bufferedAmount > mostBuffered) this.#deaf();
    else this.#socket.send(frame);
  }

  close(words: string, frame?: string): void {
    if (frame !== undefined) this.#socket.send(frame);
    // The reason of a close frame has 123 bytes (RFC 6455 5.5).
    this.#socket.close(goingAway, words.slice(0, 100));
    setTimeout(() => this.#socket.terminate(), closeWithinMs).unref();
  }
}

function refuse(socket: Duplex, status: string, words: string): void {
  const body = JSON.stringify({ error: { code: status.slice(4).replaceAll(' ', ''), message: words } });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** For `upgrade` events of the HTTPS servers. */
export function createWebsockets({ redeem, trouble }: WebsocketsParts) {
  const server = new WebSocketServer({ noServer: true, maxPayload: mostBytes, perMessageDeflate: false });

  const join = (socket: WebSocket, session: Session): void => {
    const link = new WebsocketLink(socket, () => {
      session.detached(link, `the device left ${mostBuffered} bytes unread`);
      socket.terminate();
    });
    socket.on('message', (data, isBinary) => {
      const frames = isBinary ? [binary] : decodePayload(String(data));
      for (const frame of frames) session.take(frame, link);
    });
    // What breaks the protocol closes the socket; `close` tells it.
    socket.on('error', (error) => session.detached(link, `the connection broke: ${error.message}`));
    socket.on('close', () => session.detached(link, 'the device closed the connection'));
    socket.send(connectFrame);
    session.attach(link);
  };

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      socket.on('error', () => socket.destroy());
      const path = (request.url ?? '').split('?')[0] ?? '';
      const [, socketId] = address.exec(path) ?? [];
      if (socketId === undefined) {
        refuse(socket, '404 Not Found', `No websocket is served under ${path.slice(0, 100)}.`);
        return;
      }
      const session = redeem(socketId);
      if (!session) {
        const words = 'This socket was never offered, is taken already or has expired. Ask for a new one.';
        refuse(socket, '401 Unauthorized', words);
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => {
        try {
          join(opened, session);
        } catch (error) {
          trouble(error);
          opened.terminate();
        }
      });
    },
  };
}
