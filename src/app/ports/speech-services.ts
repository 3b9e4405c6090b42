/** The speech services that a resource lists, and what they do for a call. */
import type { OperationEvent } from '../../domain/call/operation-events.ts';
import type { Choice, PromptSource } from '../../domain/media/operation.ts';

export interface SpeechServices {
  /** Undefined: no resource lists this endpoint. `of-another`: only others do. */
  of(resourceId: string, endpoint: string): 'own' | 'of-another' | undefined;
}

export interface PromptRequest {
  readonly callId: string;
  readonly operationId: string;
  readonly resourceId: string;
  readonly speechEndpoint?: string;
  readonly sources: readonly PromptSource[];
}

export interface UtteranceRequest {
  readonly callId: string;
  readonly operationId: string;
  readonly resourceId: string;
  readonly speechEndpoint: string;
  /** Blob: mono PCM of 16 bit and 16 kHz. */
  readonly utterance: string;
  /** BCP 47. */
  readonly locale: string;
  /** Only one of their phrases is looked for. */
  readonly choices?: readonly Choice[];
}

/** Every method returns at once; what comes of it comes back as an `OperationEvent`. */
export interface SpeakingPort {
  /** Fetches, speaks and keeps what is to be heard: `prompts-ready` or `prompt-failed`. */
  prepare(request: PromptRequest): void;
  /** `understood`, whatever came of it. */
  understand(request: UtteranceRequest): void;
  /** Nobody waits for this operation any more. */
  forget(operationId: string): void;
}

export type SpeakingEvent = { readonly callId: string; readonly event: OperationEvent };
