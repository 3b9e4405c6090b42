/** What happened to a call: the journal's vocabulary. `evolve` folds facts into the state, `effects` says what follows. */
import type { Identifier } from '../ids/identifier.ts';
import type { Instant } from '../ids/instant.ts';
import type { Operation, Tone } from '../media/operation.ts';
import type { Recording, RecordingState } from '../media/recording.ts';
import type { StreamKind, StreamStatus } from '../media/stream.ts';
import type {
  CallHeader,
  Connection,
  ContinuousRecognition,
  Invitation,
  MediaWatch,
  Offer,
  Participant,
  PhoneLeg,
  Transfer,
} from './call.ts';
import type { Header, LocalMedia, RemoteMedia, SipReason } from './leg-events.ts';
import type { Outcome } from './outcome.ts';

/** How we end a leg that is not ended by the far side. */
export type Farewell = 'none' | 'cancel' | 'hang-up' | 'refuse';

/** What a recognise operation found. */
export type RecognizeResult =
  | { readonly type: 'dtmf'; readonly tones: readonly Tone[] }
  | {
      readonly type: 'choices';
      readonly label: string;
      /** Absent for a choice made by key. */
      readonly phrase?: string;
      readonly confidence?: number;
    }
  | { readonly type: 'speech'; readonly speech: string; readonly confidence?: number };

interface OfStream {
  readonly connectionId: string;
  readonly kind: StreamKind;
}

interface Transcript {
  readonly locale?: string;
  readonly speechModel?: string;
}

interface AskedOfStream extends OfStream {
  /** Of the request; empty where nobody asked. */
  readonly about: { readonly operationContext?: string; readonly callbackUri?: string };
}

type Body =
  | { readonly fact: 'call-started'; readonly header: CallHeader }
  | { readonly fact: 'connection-opened'; readonly connection: Connection }
  | { readonly fact: 'connection-connected'; readonly connectionId: string; readonly outcome: Outcome }
  | {
      readonly fact: 'connection-ended';
      readonly connectionId: string;
      /** Whether it had been connecting and failed, or ended in the ordinary way. */
      readonly as: 'failed' | 'disconnected';
      readonly outcome: Outcome;
    }
  | {
      readonly fact: 'participants-changed';
      readonly connectionId: string;
      readonly sequence: number;
      readonly participants: readonly Participant[];
    }
  | { readonly fact: 'leg-opened'; readonly leg: PhoneLeg }
  | { readonly fact: 'leg-allocated'; readonly legId: string; readonly local: LocalMedia }
  | { readonly fact: 'leg-ringing'; readonly legId: string; readonly sip: SipReason }
  /** Its trunk did not carry it; the next one is tried. */
  | {
      readonly fact: 'leg-rerouted';
      readonly legId: string;
      readonly trunk: string;
      readonly others: readonly string[];
      readonly because: Outcome;
    }
  | { readonly fact: 'leg-accepting'; readonly legId: string }
  | {
      readonly fact: 'leg-answered';
      readonly legId: string;
      readonly remote?: RemoteMedia;
      readonly watch: MediaWatch;
      readonly refers?: boolean;
    }
  | {
      readonly fact: 'leg-media';
      readonly legId: string;
      readonly remote?: RemoteMedia;
      readonly watch: MediaWatch;
    }
  | { readonly fact: 'leg-bridged'; readonly legId: string; readonly otherLegId: string }
  | {
      readonly fact: 'leg-ended';
      readonly legId: string;
      readonly outcome: Outcome;
      readonly farewell: Farewell;
      readonly sipStatus?: number;
    }
  /** One of several targets of a created call was not reached; the call goes on. */
  | {
      readonly fact: 'target-failed';
      readonly connectionId: string;
      readonly participant: Participant;
      readonly outcome: Outcome;
    }
  | { readonly fact: 'offer-opened'; readonly offer: Offer }
  | { readonly fact: 'offer-delivered'; readonly offerId: string }
  | { readonly fact: 'offer-taken'; readonly offerId: string; readonly connectionId: string }
  | { readonly fact: 'offer-passed-on'; readonly offerId: string }
  | { readonly fact: 'offer-closed'; readonly offerId: string; readonly outcome: Outcome }
  /** `headers`: for the INVITE of the phone that is told to call the target. */
  | { readonly fact: 'transfer-begun'; readonly transfer: Transfer; readonly headers: readonly Header[] }
  | { readonly fact: 'transfer-progress'; readonly transferId: string; readonly sip: SipReason }
  /** The application that was asked redirected the call. */
  | { readonly fact: 'transfer-passed-on'; readonly transferId: string; readonly partId: string }
  | {
      readonly fact: 'transfer-accepted';
      readonly transferId: string;
      readonly outcome: Outcome;
      /** The new place of a leg that asked: it leaves by then. */
      readonly leavesAt?: Instant;
      /** These two go on without the group. */
      readonly apart?: readonly [string, string];
    }
  | { readonly fact: 'transfer-failed'; readonly transferId: string; readonly outcome: Outcome }
  /** A phone asked to be replaced and cannot be now. */
  | {
      readonly fact: 'referral-refused';
      readonly legId: string;
      readonly sipStatus: number;
      readonly why: string;
    }
  | {
      readonly fact: 'tone-heard';
      readonly legId: string;
      readonly tone: string;
      readonly durationMs: number;
    }
  | { readonly fact: 'invitation-opened'; readonly invitation: Invitation }
  | {
      readonly fact: 'invitation-ended';
      /** With the context of the request that the event answers. */
      readonly invitation: Invitation;
      readonly as: 'succeeded' | 'failed' | 'cancelled';
      readonly outcome: Outcome;
    }
  | {
      readonly fact: 'participant-removed';
      readonly connectionId: string;
      readonly participant: Identifier;
      readonly operationContext?: string;
      readonly callbackUri?: string;
    }
  /** It goes on in another call. */
  | {
      readonly fact: 'leg-given';
      readonly legId: string;
      readonly toCallId: string;
      readonly outcome: Outcome;
    }
  /** A participant was moved here from the call of another connection, or could not be. */
  | {
      readonly fact: 'participant-moved';
      readonly connectionId: string;
      readonly participant: Identifier;
      readonly fromConnectionId: string;
      readonly as: 'succeeded' | 'failed';
      readonly outcome: Outcome;
      readonly operationContext?: string;
      readonly callbackUri?: string;
    }
  /** How a leg takes part in what the call hears. */
  | { readonly fact: 'leg-part'; readonly legId: string; readonly muted: boolean; readonly held: boolean }
  | { readonly fact: 'connection-muted'; readonly connectionId: string }
  | { readonly fact: 'operation-queued'; readonly operation: Operation }
  /** Its prompts are fetched and spoken. */
  | { readonly fact: 'operation-preparing'; readonly operationId: string }
  | {
      readonly fact: 'operation-prompting';
      readonly operationId: string;
      readonly prompts: readonly string[];
    }
  /** The first packet of its prompt went out. */
  | { readonly fact: 'operation-heard'; readonly operationId: string }
  /** A key that counts once the prompt is over. */
  | { readonly fact: 'operation-pressed'; readonly operationId: string; readonly collected: readonly Tone[] }
  /** Waits for keys or words; without `until` while somebody speaks. */
  | {
      readonly fact: 'operation-listening';
      readonly operationId: string;
      readonly collected: readonly Tone[];
      readonly until?: Instant;
    }
  | { readonly fact: 'operation-understanding'; readonly operationId: string; readonly utterance: string }
  | { readonly fact: 'operation-sending'; readonly operationId: string }
  | {
      readonly fact: 'operation-ended';
      readonly operation: Operation;
      readonly as: 'completed' | 'failed' | 'canceled';
      readonly outcome: Outcome;
      readonly result?: RecognizeResult;
      /** Which of its sources could not be heard. */
      readonly failedIndex?: number;
    }
  | {
      readonly fact: 'continuous-started';
      readonly legId: string;
      readonly recognition: ContinuousRecognition;
    }
  | {
      readonly fact: 'continuous-tone';
      readonly legId: string;
      readonly connectionId: string;
      readonly tone: Tone;
      readonly sequence: number;
    }
  | {
      readonly fact: 'continuous-stopped';
      readonly legId: string;
      readonly connectionId: string;
      readonly operationContext?: string;
    }
  | { readonly fact: 'recording-started'; readonly recording: Recording }
  /** Accepted, and then found to be a second one. */
  | { readonly fact: 'recording-refused'; readonly recording: Recording; readonly outcome: Outcome }
  /** The media process is asked to. */
  | { readonly fact: 'recording-changing'; readonly recordingId: string; readonly state: RecordingState }
  /** It has. */
  | {
      readonly fact: 'recording-changed';
      readonly recordingId: string;
      readonly state: 'active' | 'paused';
    }
  | { readonly fact: 'recording-ended'; readonly recording: Recording; readonly outcome?: Outcome }
  | ({ readonly fact: 'stream-opening' } & AskedOfStream & Transcript)
  | ({ readonly fact: 'stream-updating' } & AskedOfStream & Transcript)
  | ({ readonly fact: 'stream-closing' } & AskedOfStream)
  | ({ readonly fact: 'stream-opened' } & OfStream)
  | ({ readonly fact: 'stream-restored' } & OfStream)
  | ({ readonly fact: 'stream-updated' } & OfStream)
  | ({ readonly fact: 'stream-closed' } & OfStream)
  | ({ readonly fact: 'stream-interrupted'; readonly why: string } & OfStream)
  | ({ readonly fact: 'stream-failed'; readonly outcome: Outcome; readonly status: StreamStatus } & OfStream)
  | { readonly fact: 'operation-refused'; readonly operation: string; readonly outcome: Outcome }
  | { readonly fact: 'input-ignored'; readonly input: string; readonly why: string }
  | { readonly fact: 'call-ended'; readonly outcome: Outcome };

export type Fact = Body & { readonly at: Instant };
export type FactKind = Fact['fact'];
export type FactOf<K extends FactKind> = Extract<Fact, { fact: K }>;
/** A fact before it is stamped. */
export type NewFact = Body;
