/** What the media host and an engine say to each other. Plain values: a wire may lie between them. */
import type { MediaEvent } from '../../app/ports/media.ts';
import type { RemoteMedia } from '../../app/ports/trunk.ts';

/** What the legs of one engine need to know once, when it starts. */
export interface EngineSettings {
  /** Lowest and highest UDP port of a leg; `[0, 0]` takes any free one. */
  readonly rtpPorts: readonly [number, number];
  /** IP address literal to bind to. */
  readonly address: string;
  /** Written into SDP instead of `address`. */
  readonly advertise?: string;
}

type Sequenced<T> = T & { readonly seq: number };

export type Command = Sequenced<
  | { readonly kind: 'allocate'; readonly callId: string; readonly legId: string }
  | {
      readonly kind: 'connect';
      readonly callId: string;
      readonly legId: string;
      readonly remote: RemoteMedia;
    }
  | {
      readonly kind: 'bridge';
      readonly callId: string;
      readonly legId: string;
      readonly otherLegId: string;
    }
  | { readonly kind: 'ask' | 'release' | 'statistics'; readonly callId: string; readonly legId: string }
  | { readonly kind: 'deafen'; readonly on: boolean }
  | { readonly kind: 'ping' }
>;

/** Of all events, those that an engine can tell of itself. */
export type LegEvent = Exclude<MediaEvent, { readonly legIds: readonly string[] }>;

/** How the packets of a leg went. */
export interface LegStatistics {
  readonly packetsIn: number;
  readonly packetsOut: number;
  /** Packets that the far end's sequence numbers say are missing. */
  readonly lost: number;
  readonly jitterMs: number;
  /** Datagrams that were no RTP. */
  readonly garbage: number;
  /** SRTP packets that failed authentication, or came twice; they are not heard. */
  readonly unauthentic: number;
  /** RTP packets from somebody else than the far end; they are not heard. */
  readonly strangers: number;
  /** `address:port` that packets come from, when it is not the one in the far end's SDP. */
  readonly latchedTo?: string;
}

export type Report = Sequenced<
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'event'; readonly callId: string; readonly event: LegEvent }
  /** Something a person who looks for a fault wants to read. */
  | { readonly kind: 'note'; readonly callId: string; readonly legId: string; readonly note: string }
  /** Answers `statistics`, and comes once more when a leg is released. */
  | {
      readonly kind: 'statistics';
      readonly callId: string;
      readonly legId: string;
      readonly statistics: LegStatistics;
    }
>;

export type UnsequencedReport = Report extends infer R ? (R extends Report ? Omit<R, 'seq'> : never) : never;
