import type { InviteOptions, OutboundCall } from './calls.ts';
import type { PingResult, RegisterOptions, Registration, RegistrationState } from './outside-calls.ts';
import type { Address, Target } from './peers.ts';
import type { OutboundHandlers } from './told.ts';

export interface EndpointStats {
  readonly calls: number;
  readonly clientTransactions: number;
  readonly serverTransactions: number;
  readonly connections: number;
  readonly timers: number;
  readonly received: number;
  readonly sent: number;
  readonly retransmitted: number;
  readonly malformed: number;
  readonly refused: number;
  readonly dropped: number;
}

export interface SipEndpoint {
  /** Resolves with the addresses listened on; rejects with an `Error` that names host:port and why. */
  start(): Promise<readonly Address[]>;
  /** Ends what is left (CANCEL, BYE, 503), waits for it at most `deadlineMs` of wall time, closes every socket. */
  stop(deadlineMs?: number): Promise<void>;
  invite(options: InviteOptions, handlers: OutboundHandlers): OutboundCall;
  /** Where TLS is listened on, once started. */
  readonly tlsPort: number | undefined;
  /** Registers, refreshes and, at the end, takes back (RFC 3261 10). Also taken back by `stop` of the endpoint. */
  register(options: RegisterOptions, onState?: (state: RegistrationState) => void): Registration;
  /** OPTIONS outside a dialog. */
  options(target: Target, done: (result: PingResult) => void): void;
  stats(): EndpointStats;
}
