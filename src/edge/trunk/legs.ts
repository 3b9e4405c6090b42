import type { LocalMedia } from '../../app/ports/trunk.ts';
import type { InboundCall, OutboundCall } from '../sip/api.ts';
import type { MidCall } from './mid-call.ts';

export type Leg =
  | {
      readonly direction: 'out';
      readonly trunk: string;
      readonly call: OutboundCall;
      readonly midCall: MidCall;
    }
  | {
      readonly direction: 'in';
      readonly trunk: string;
      readonly call: InboundCall;
      readonly midCall: MidCall;
      accept(local: LocalMedia | undefined): void;
    };
