/** The server half of the `smpp` package, and its client for yardsticks. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  export interface Session extends EventEmitter {
    readonly socket: Socket;
    send(pdu: PDU, answered?: (answer: PDU) => void): boolean;
    close(): void;
    destroy(): void;
  }

  export interface PDU {
    response(fields?: PduFields): PDU;
  }

  export interface ServerOptions {
    readonly key?: string;
    readonly cert?: string;
    readonly ca?: string;
    readonly requestCert?: boolean;
    readonly rejectUnauthorized?: boolean;
  }

  export function createServer(options: ServerOptions, session: (session: Session) => void): NetServer;

  export function connect(options: { readonly host: string; readonly port: number }): Session;
}
