/** HTTP as bytes, for what no client would send. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RawReply {
  /** 0 when the connection was closed without a status line. */
  readonly status: number;
  /** Everything that came, of all answers. */
  readonly text: string;
  /** The first answer's body as JSON where it is that. */
  readonly body: unknown;
  /** How many answers came. */
  readonly answers: number;
}

export interface RawExchange {
  readonly port: number;
  readonly bytes: string | Uint8Array;
  /** PEM of the CA: the bytes go through TLS. */
  readonly ca?: string;
  /** Answers to wait for before closing; otherwise until the server closes. */
  readonly answers?: number;
  /** Our side is closed once everything is written. */
  readonly halfClose?: boolean;
}

const limitMs = 10_000;
const statusLines = (text: string): number => text.match(/HTTP\/1\.1 (?!1)\d{3} /g)?.length ?? 0;

function jsonIn(text: string): unknown {
  const json = text.slice(text.indexOf('{', text.indexOf('\r\n\r\n')));
  try {
    return JSON.parse(json.slice(0, json.lastIndexOf('}') + 1));
  } catch {
    // No JSON, or several answers: the text is there to be read.
    return undefined;
  }
}

export function open(port: number, ca?: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket = ca
      ? connectTls({ port, host: 'localhost', ca, servername: 'localhost' }, () => resolve(socket))
      : connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

export async function exchange({ port, bytes, ca, answers, halfClose }: RawExchange): Promise<RawReply> {
  const socket = await open(port, ca);
  return new Promise((resolve, reject) => {
    let text = '';
    const give = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (?!1)(\d{3}) /m.exec(text)?.[1];
      resolve({ status: Number(status ?? 0), text, body: jsonIn(text), answers: statusLines(text) });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of the answer within ${limitMs / 1000} s; so far: ${text.slice(0, 500)}`));
    }, limitMs);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += chunk;
      if (answers !== undefined && statusLines(text) >= answers) give();
    });
    // A reset is an answer too: the server is free to hang up on nonsense.
    socket.on('error', give);
    socket.on('close', give);
    socket.write(bytes);
    if (halfClose) socket.end();
  });
}
