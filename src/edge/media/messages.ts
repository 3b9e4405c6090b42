/** What the media host and an engine say to each other. Plain values: a wire may lie between them. */
import type {
  ListenRequest,
  MediaEvent,
  Part,
  PlayRequest,
  RecordingRequest,
  StreamRequest,
  TonesRequest,
} from '../../app/ports/media.ts';
import type { RemoteMedia } from '../../app/ports/trunk.ts';
import type { StreamFault, StreamKind } from '../../domain/media/stream.ts';

/** What the legs of one engine need to know once, when it starts. */
export interface EngineSettings {
  /** Lowest and highest UDP port of a leg; `[0, 0]` takes any free one. */
  readonly rtpPorts: readonly [number, number];
  /** IP address literal to bind to. */
  readonly address: string;
  /** Where prompts are read from and recordings are written to; without it there are none. */
  readonly blobs?: string;
  /** Written into SDP instead of `address`. */
  readonly advertise?: string;
}

type Sequenced<T> = T & { readonly seq: number };

export type Command = Sequenced<
  | {
      readonly kind: 'allocate';
      readonly callId: string;
      readonly legId: string;
      /** Of who will be on it. */
      readonly rawId?: string;
    }
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
  /** Out of the audio of its call into that of another. */
  | {
      readonly kind: 'move';
      readonly callId: string;
      readonly legId: string;
      readonly toCallId: string;
    }
  | { readonly kind: 'ask' | 'release' | 'statistics'; readonly callId: string; readonly legId: string }
  /** How a leg takes part in what its call hears. */
  | ({ readonly kind: 'part'; readonly callId: string; readonly legId: string } & Part)
  | ({ readonly kind: 'play' } & PlayRequest)
  | ({ readonly kind: 'listen' } & ListenRequest)
  | ({ readonly kind: 'send-tones' } & TonesRequest)
  | {
      readonly kind: 'stop';
      readonly what: 'prompt' | 'listening';
      readonly callId: string;
      readonly operationId: string;
    }
  | ({ readonly kind: 'record' } & RecordingRequest)
  | {
      readonly kind: 'change-recording';
      readonly callId: string;
      readonly recordingId: string;
      readonly change: 'pause' | 'resume' | 'stop';
    }
  | ({ readonly kind: 'open-stream' | 'update-stream' } & StreamRequest)
  | {
      readonly kind: 'close-stream';
      readonly callId: string;
      readonly connectionId: string;
      readonly stream: StreamKind;
    }
  | { readonly kind: 'answer'; readonly questionId: string; readonly answer: Answer }
  | { readonly kind: 'deafen'; readonly on: boolean }
  | { readonly kind: 'ping' }
>;

/** What an engine cannot know by itself. */
export type Question =
  /** Which addresses a stream may connect to, and as whom. */
  | { readonly about: 'where'; readonly resourceId: string; readonly url: string }
  /** What was said. */
  | {
      readonly about: 'words';
      readonly resourceId: string;
      readonly speechEndpoint: string;
      /** Blob: mono PCM of 16 bit and 16 kHz; whoever reads it removes it. */
      readonly utterance: string;
      /** BCP 47. */
      readonly locale: string;
    };

interface Unanswered {
  readonly fault: StreamFault;
  /** For people. */
  readonly why: string;
}

export type Where =
  | {
      /** Of the URL's host, all of them checked; nothing is resolved again. */
      readonly addresses: readonly string[];
      /** Value of the header. */
      readonly authorization: string;
      /** PEM of CAs that are trusted beside those of the system and of Node. */
      readonly roots: readonly string[];
    }
  | Unanswered;

export type Words =
  /** `confidence` from 0 to 1, where the recogniser tells any. */
  | { readonly heard: 'words'; readonly text: string; readonly confidence?: number }
  | { readonly heard: 'nothing' }
  | Unanswered;

export type Answer = Where | Words;

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
  | { readonly kind: 'note'; readonly callId: string; readonly legId?: string; readonly note: string }
  /** Answered by `answer`. */
  | { readonly kind: 'question'; readonly questionId: string; readonly question: Question }
  /** Answers `statistics`, and comes once more when a leg is released. */
  | {
      readonly kind: 'statistics';
      readonly callId: string;
      readonly legId: string;
      readonly statistics: LegStatistics;
    }
>;

export type UnsequencedReport = Report extends infer R ? (R extends Report ? Omit<R, 'seq'> : never) : never;
