/** What applications may ask to be heard, pressed and listened for. Everything they ask is answered by events. */
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { Choice, DtmfRules, PromptSource, SpeechRules, Tone } from '../../domain/media/operation.ts';
import type { StreamKind } from '../../domain/media/stream.ts';
import type { Answer, ConnectionCommand, Remember } from './commands.ts';

export interface OperationCommand extends ConnectionCommand {
  readonly operationContext?: string;
  /** For the events of this operation, instead of the connection's. */
  readonly callbackUri?: string;
  /** A deployed speech model of the application's own. */
  readonly speechModel?: string;
}

export interface Play extends OperationCommand {
  readonly sources: readonly PromptSource[];
  /** Empty: everybody. */
  readonly to: readonly Identifier[];
  readonly loop: boolean;
  readonly interrupt: boolean;
}

export interface Recognize extends OperationCommand {
  readonly input: 'dtmf' | 'speech' | 'speechOrDtmf' | 'choices';
  readonly target: Identifier;
  readonly prompts: readonly PromptSource[];
  readonly interrupt: boolean;
  readonly interruptPrompt: boolean;
  readonly initialSilenceMs: number;
  readonly dtmf?: DtmfRules;
  readonly speech?: SpeechRules;
  readonly choices?: readonly Choice[];
}

export interface SendTones extends OperationCommand {
  readonly target: Identifier;
  readonly tones: readonly Tone[];
}

export interface ContinuousTones extends OperationCommand {
  readonly target: Identifier;
  readonly on: boolean;
}

export interface StreamChange extends OperationCommand {
  readonly kind: StreamKind;
  readonly ask: 'start' | 'stop' | 'update';
  readonly locale?: string;
}

/** Every promise settles once the request is stored, or refused. */
export interface MediaOperations {
  play(command: Play): Promise<Answer<undefined>>;
  recognize(command: Recognize): Promise<Answer<undefined>>;
  sendTones(command: SendTones, remember?: Remember<undefined>): Promise<Answer<undefined>>;
  continuousTones(command: ContinuousTones): Promise<Answer<undefined>>;
  stream(command: StreamChange): Promise<Answer<undefined>>;
  cancelAll(command: ConnectionCommand): Promise<Answer<undefined>>;
}
