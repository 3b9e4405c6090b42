/**
 * How one documented row is brought about, in the peers' language: what applications, phones and operators do.
 * A scenario cannot name an outcome to the server; it can only do what a peer can, and read what a peer is told.
 */

import type { Fault } from '../src/app/ports/administration.ts';
import type { LiveRow } from '../src/codes/catalogue.ts';

/** A code and subcode as a peer was told it, and by what. */
export interface Observation {
  /** `CreateCallFailed`, `HTTP POST /calling/callConnections`, `call log`… */
  readonly where: string;
  readonly code: number;
  readonly subCode?: number;
  readonly message?: string;
  /** What `ringback explain` can be asked about. */
  readonly callId?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The reply as an outcome: its status, and its error code where that is a number of its own. */
  readonly observed: Observation;
}

export interface HttpRequest {
  readonly method: string;
  /** Path and query; `api-version` is added where it is missing. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: signed with the application's access key. `none`: no credentials; a text: this Authorization. */
  readonly credentials?: 'key' | 'none' | { readonly authorization: string };
  /** `false` leaves `api-version` away. */
  readonly apiVersion?: string | false;
  /** Plain HTTP where absent. */
  readonly https?: boolean;
  readonly signal?: AbortSignal;
}

/** An application's end of a call. */
export interface PlacedCall {
  readonly connectionId: string;
  /** The next event of this type; fails after a bounded wait, saying what came instead. */
  event(type: string): Promise<Observation>;
  hangUp(): Promise<HttpReply>;
  terminate(): Promise<HttpReply>;
  /** Posts an action of the call connection: `play`, `recognize`, `sendDtmfTones`… */
  ask(action: string, body?: unknown): Promise<HttpReply>;
  /** The call log's row of a participant (`reference/call-logs.md`): a phone number or `application`. */
  logRow(participant: string): Promise<Observation>;
}

export interface Application {
  /** Posts createCall and fails unless it is accepted. */
  call(
    to: string | readonly string[],
    options?: {
      readonly from?: string | undefined;
      /** Further fields of the body. */
      readonly body?: Readonly<Record<string, unknown>>;
    },
  ): Promise<PlacedCall>;
  /** The context of the next IncomingCall event. */
  incoming(): Promise<string>;
  answer(context: string): Promise<PlacedCall>;
  tryAnswer(context: string): Promise<HttpReply>;
  reject(context: string, reason: 'none' | 'busy' | 'forbidden'): Promise<HttpReply>;
  request(request: HttpRequest): Promise<HttpReply>;
  /** The body of a createCall that is fine in itself. */
  createBody(to: string, changes?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** Audio on the application's web server: WAV as calls play it, of so many seconds, or something else. */
export type AudioFile = '1s.wav' | '60s.wav' | 'song.mp3' | 'missing.wav';

/** A speech provider of the Azure shape: what it answers whatever it is asked, or what it says that it heard. */
export type SpeechManners =
  | `answers-${number}`
  | `hears-${string}`
  | 'hears-nothing'
  | 'understands-nothing'
  | 'breaks-down'
  | 'hangs-up'
  | 'takes-no-keys';

/** A websocket server of the application. */
export type WebsocketManners = 'takes' | 'refuses' | 'never-answers';
/** A user of chat. Threads and messages are named by their paths. */
export interface Chatter {
  /** Raw id. */
  readonly id: string;
  request(request: HttpRequest): Promise<HttpReply>;
  thread(others?: readonly Chatter[]): Promise<string>;
  say(thread: string, content: string): Promise<string>;
}

export interface SentText {
  readonly messageId: string;
  /** The delivery report event: its code. */
  report(): Promise<Observation>;
}

/** A service that sends texts, and is told what became of them. */
export interface Texter {
  /** `from`: +18005550100 where absent. */
  send(text: {
    readonly to: string;
    readonly from?: string;
    /** Seconds that the report may take. */
    readonly reportTimeout?: number;
  }): Promise<SentText>;
}

export interface Stage {
  readonly app: Application;
  /** Another resource of the server; the scenario's settings must name it (`other`). */
  readonly other: Application;
  /** A webhook of our own that takes events and says nothing back, or refuses every event. */
  subscribe(behaviour: 'takes' | 'refuses', forApplication?: 'app' | 'other'): Promise<void>;
  /** A phone dials one of our numbers over the simulated carrier and gives up after a while of clock. */
  dial(call: { readonly from: string; readonly to: string; readonly for?: string }): Promise<void>;
  /** Moves the clock: `2s`, `115s`. On a running server with a real clock it waits instead. */
  pass(duration: string): Promise<void>;
  breakPart(fault: Fault): Promise<void>;
  mend(fault: Fault): Promise<void>;
  admin(request: Pick<HttpRequest, 'method' | 'path' | 'body'>): Promise<HttpReply>;
  /** Kills the server without warning and starts it again on the same data. */
  crash(): Promise<void>;
  /** First signal: drain. Resolves when it has begun. */
  beginStop(): Promise<void>;
  /** A user token of this server's. */
  userToken(): Promise<string>;
  /** A token of the Entra issuer that the settings name (`ENTRA_ISSUER`), for an application of its tenant, with these claims over it. */
  entraToken(claims: Readonly<Record<string, unknown>>, signedWith?: 'key' | 'certificate'): Promise<string>;
  /** A user with a token for chat; `minutes`: its life. */
  chatter(name: string, token?: { readonly minutes?: number }): Promise<Chatter>;
  texter(): Promise<Texter>;
  /** A handset of the simulated SMSC texts one of our numbers. */
  handset(text: { readonly from: string; readonly to: string; readonly text: string }): Promise<void>;
  /** Whether an outcome of this row was logged: read from `/metrics`. */
  loggedOutcome(row: LiveRow): Promise<Observation>;
  /** Endpoints that behave badly: one that answers nonsense, one that never answers. */
  endpoint(behaviour: 'broken' | 'silent'): Promise<string>;
  /** Where the file is served. */
  audio(file: AudioFile): string;
  /** The scenario's settings must link it, as `SPEECH/…`. */
  speechProvider(manners: SpeechManners): string;
  websocket(manners: WebsocketManners): string;
  /** Takes every RTP port the server may use, as another program would. */
  occupyRtpPorts(): Promise<void>;
  /** Sends the head of a request and only part of its body, then waits for the answer. */
  dribble(path: string): Promise<HttpReply>;
  /** The call of this SIP caller was refused or ended with: as the call log has it. */
  phoneLogRow(number: string): Promise<Observation>;
  /** Waits until the phone call has come as far as this in the timeline. */
  reached(connection: PlacedCall, text: RegExp): Promise<void>;
}

export interface Scenario {
  readonly row: LiveRow;
  /** One sentence: who does what. */
  readonly story: string;
  /** Who is told. */
  readonly observer: 'event' | 'http' | 'report' | 'client' | 'log';
  /** What only a throw-away server allows; `reproduce --server` refuses rows that need anything. */
  readonly needs?: readonly ('clock' | 'faults' | 'settings' | 'restart')[];
  /** Configuration of the throw-away server, as YAML. */
  readonly settings?: string;
  play(stage: Stage): Promise<Observation>;
}
