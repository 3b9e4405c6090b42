/** What applications may ask of the call desk, and what it answers. */
import type { Call, Connection } from '../../domain/call/call.ts';
import type { RejectReason } from '../../domain/call/inputs.ts';
import type { Header } from '../../domain/call/leg-events.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { AudioStreamSettings, TranscriptStreamSettings } from '../../domain/media/stream.ts';
import type { RepeatRecord } from '../ports/store.ts';

export { participants } from '../../domain/call/call.ts';

export type Answer<T> = { readonly ok: T } | { readonly refused: Outcome; readonly retryAfterMs?: number };

/** A connection and the call it belongs to, as they stand. */
export interface CallView {
  readonly call: Call;
  readonly connection: Connection;
}

export function viewOf(call: Call, connectionId: string): CallView {
  const connection = call.connections[connectionId];
  if (!connection) throw new Error(`call ${call.callId} has no connection ${connectionId}`);
  return { call, connection };
}

interface Command {
  readonly resourceId: string;
}

export interface NewStream<S> {
  readonly settings: S;
  /** It starts by itself when the call is connected. */
  readonly onConnect: boolean;
}

/** How an application takes part in a call, however it gets there. */
export interface ApplicationCommand extends Command {
  readonly callbackUri: string;
  readonly operationContext?: string;
  /** The speech service that its media operations use. */
  readonly speechEndpoint?: string;
  /** Websockets it is set up with. */
  readonly mediaStreaming?: NewStream<AudioStreamSettings>;
  readonly transcription?: NewStream<TranscriptStreamSettings>;
  /** Echoed in `data.version` of events. */
  readonly apiVersion: string;
}

export interface CreateCall extends ApplicationCommand {
  readonly targets: readonly Identifier[];
  readonly source?: Identifier;
  readonly sourceCallerId?: string;
  readonly sourceDisplayName?: string;
}

export interface AnswerCall extends ApplicationCommand {
  readonly incomingCallContext: string;
  readonly answeredBy?: Identifier;
}

export interface RejectCall extends Command {
  readonly incomingCallContext: string;
  readonly reason: RejectReason;
}

export interface RedirectCall extends Command {
  readonly incomingCallContext: string;
  readonly target: Identifier;
}

export interface ConnectionCommand extends Command {
  readonly connectionId: string;
}

export interface TransferCall extends ConnectionCommand {
  readonly target: Identifier;
  /** Whom; in a call of two parties it may be absent. */
  readonly transferee?: Identifier;
  readonly operationContext?: string;
  /** For the events of this transfer. */
  readonly callbackUri?: string;
  readonly sourceCallerId?: string;
  /** For the INVITE that the target gets, or the call it is offered. */
  readonly headers: readonly Header[];
  readonly voipHeaders: readonly Header[];
}

/** Called in the same turn as the decision: what it returns is stored with it (repeatability, `design.md` §4). */
export type Remember<T> = (answer: Answer<T>) => RepeatRecord | undefined;

/** Every promise settles once what it promises is stored. Refusals are values; a rejection is a bug. */
export interface Calls {
  create(command: CreateCall, remember?: Remember<CallView>, signal?: AbortSignal): Promise<Answer<CallView>>;
  answer(command: AnswerCall, remember?: Remember<CallView>): Promise<Answer<CallView>>;
  reject(command: RejectCall, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  redirect(command: RedirectCall, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  hangUp(command: ConnectionCommand): Promise<Answer<undefined>>;
  terminate(command: ConnectionCommand, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  transfer(command: TransferCall, remember?: Remember<CallView>): Promise<Answer<CallView>>;
  /** As it stands now; ended connections are known for 60 s, then 404. */
  connection(command: ConnectionCommand): Answer<CallView>;
}
