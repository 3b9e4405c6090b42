/** Audio or its transcript on a websocket of the application (`reference/call-automation.md` §4, §11, §12). */

export interface AudioStreamSettings {
  readonly kind: 'audio';
  /** `wss://…` */
  readonly url: string;
  readonly channels: 'mixed' | 'unmixed';
  /** Samples a second, mono PCM of 16 bit. */
  readonly rate: 16000 | 24000;
  /** What the application sends is heard in the call. */
  readonly bidirectional: boolean;
  /** Keys are told as well. */
  readonly dtmf: boolean;
}

export interface TranscriptStreamSettings {
  readonly kind: 'transcript';
  readonly url: string;
  /** BCP 47. */
  readonly locale: string;
  readonly speechModel?: string;
  /** What is understood so far is told before it is final. */
  readonly intermediate: boolean;
}

export type StreamSettings = AudioStreamSettings | TranscriptStreamSettings;
export type StreamKind = StreamSettings['kind'];

/** `opening`: the websocket is being connected. `interrupted`: it was lost and is connected again. */
export type StreamState = 'inactive' | 'opening' | 'active' | 'interrupted' | 'closing';

/** One per kind and connection: set up with the call, started and stopped in it. */
export interface Stream<S extends StreamSettings = StreamSettings> {
  /** Of the subscription, as metadata frames and connection properties show it. */
  readonly id: string;
  readonly settings: S;
  /** Starts by itself when the call is connected. */
  readonly onConnect: boolean;
  readonly state: StreamState;
  /** Of the request that changed it last. */
  readonly operationContext?: string;
  readonly callbackUri?: string;
}

/** Why a websocket is not there. */
export type StreamFault =
  | 'handshake-failed'
  | 'lost'
  | 'unauthenticated'
  | 'forbidden'
  | 'bad-request'
  | 'throttled'
  | 'timed-out'
  | 'speech-unreachable'
  | 'internal';

/** Why a stream is no longer on. */
export type StreamStatus = StreamFault | 'subscription-stopped' | 'service-shutdown';

/** What the media process tells of a stream. */
export type StreamEvent = { readonly connectionId: string; readonly stream: StreamKind } & (
  | { readonly now: 'open' | 'closed' | 'restored' }
  | { readonly now: 'interrupted'; readonly why: string }
  | { readonly now: 'failed'; readonly fault: StreamFault; readonly why: string }
  /** The transcript's locale was changed. */
  | { readonly now: 'updated' }
);

export const isOn = ({ state }: Stream): boolean =>
  state === 'opening' || state === 'active' || state === 'interrupted';
