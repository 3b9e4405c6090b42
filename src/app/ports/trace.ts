import type { Instant } from '../../domain/ids/instant.ts';

/** One line of a timeline that is not a fact of the call: what went over a wire. Written behind, never awaited. */
export type Trace =
  | {
      readonly kind: 'sip';
      readonly legId: string;
      readonly at: Instant;
      readonly direction: 'in' | 'out';
      readonly transport: 'UDP' | 'TCP' | 'TLS';
      /** `address:port` */
      readonly local: string;
      readonly remote: string;
      /** The message as it was on the wire. */
      readonly message: string;
      /** True when the same bytes went over the same flow before. */
      readonly repeated: boolean;
    }
  | {
      readonly kind: 'http';
      readonly callId: string;
      readonly at: Instant;
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly requestId: string;
    };

export interface TracePort {
  add(trace: Trace): void;
}
