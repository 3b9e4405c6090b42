/** What applications may ask about who is in their call. What becomes of it is told by events. */
import type { Call } from '../../domain/call/call.ts';
import type { Header } from '../../domain/call/leg-events.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { PromptSource } from '../../domain/media/operation.ts';
import type { Answer, ApplicationCommand, CallView, ConnectionCommand, Remember } from './commands.ts';

/** Echoed in the events of what is asked, which go to the callback address of the request where it has one. */
interface Asked extends ConnectionCommand {
  readonly operationContext?: string;
  readonly callbackUri?: string;
}

export interface AddParticipant extends Asked {
  readonly participant: Identifier;
  /** Shown to a phone; the number of the call where it is absent. */
  readonly sourceCallerId?: string;
  readonly sourceDisplayName?: string;
  /** Absent: as long as any phone may ring. */
  readonly timeoutMs?: number;
  readonly headers: readonly Header[];
  readonly voipHeaders: readonly Header[];
}

export interface Invited {
  readonly invitationId: string;
  readonly call: Call;
}

export interface CancelAdd extends Asked {
  readonly invitationId: string;
}

export interface RemoveParticipant extends Asked {
  readonly participant: Identifier;
}

export interface MuteParticipant extends ConnectionCommand {
  readonly participant: Identifier;
}

export interface HoldParticipant extends Asked {
  readonly target: Identifier;
  readonly on: boolean;
  /** Heard by whoever is on hold, again and again. */
  readonly music?: PromptSource;
}

export interface MoveParticipants extends Asked {
  readonly participants: readonly Identifier[];
  /** Call connection of the same resource, in the call that they are in. */
  readonly fromCall: string;
}

export interface Connect extends ApplicationCommand {
  readonly serverCallId: string;
}

/** Every promise settles once the request is stored, or refused. */
export interface ParticipantOperations {
  add(command: AddParticipant, remember?: Remember<Invited>): Promise<Answer<Invited>>;
  cancelAdd(command: CancelAdd, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  remove(command: RemoveParticipant, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  mute(command: MuteParticipant, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  /** Somebody else's mute is not ours to end. */
  unmute(command: MuteParticipant): Promise<Answer<undefined>>;
  hold(command: HoldParticipant): Promise<Answer<undefined>>;
  move(command: MoveParticipants, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  connect(command: Connect, remember?: Remember<CallView>): Promise<Answer<CallView>>;
}
