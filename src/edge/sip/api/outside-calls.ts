import type { Credentials, Target } from './peers.ts';

export type PingResult =
  /** Any final response proves that the peer is alive. */
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'transport'; readonly why: string };

export interface RegisterOptions {
  readonly registrar: Target;
  /** Address of record, a `sip:` or `sips:` URI; its host is the domain that is registered with. */
  readonly aor: string;
  /** URI to be called at; by default where this endpoint listens. */
  readonly contact?: string;
  /** Seconds asked for; 3600 when absent. The registrar decides. */
  readonly expires?: number;
  readonly credentials?: Credentials;
}

/** `retryInMs`: milliseconds of clock until the next attempt. */
export type RegistrationState =
  | { readonly kind: 'registering' }
  /** `expires`: the seconds the registrar granted; it is refreshed before they are over. */
  | { readonly kind: 'registered'; readonly expires: number }
  /** `why`: the status line, or what kept us from having one. `status` is the registrar's. */
  | {
      readonly kind: 'failed';
      readonly why: string;
      readonly status?: number;
      readonly retryInMs: number;
    }
  | { readonly kind: 'unregistered' };

export interface Registration {
  readonly state: RegistrationState;
  /** Takes the binding back; resolves when the registrar has answered, or will not. Idempotent. */
  stop(): Promise<void>;
}
