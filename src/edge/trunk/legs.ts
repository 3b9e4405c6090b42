import type { MediaAddress } from '../../app/ports/trunk.ts';
import type { InboundCall, OutboundCall } from '../sip/api.ts';

export type Leg =
  | { readonly direction: 'out'; readonly trunk: string; readonly call: OutboundCall }
  | {
      readonly direction: 'in';
      readonly trunk: string;
      readonly call: InboundCall;
      accept(local: MediaAddress | undefined): void;
    };
