/** What is told of a media operation while it lives: values, without any verdict. */

/** Why something could not be spoken or understood, as the speech service or the way to it has it. */
export type SpeechFault =
  /** The resource lists no such speech service. */
  | 'not-linked'
  | 'unauthenticated'
  /** Refused, or out of quota. */
  | 'forbidden'
  /** Our own identity is not let in. */
  | 'identity-refused'
  | 'throttled'
  | 'bad-request'
  | 'timed-out'
  | 'unreachable'
  /** A custom model, language or voice that it does not have. */
  | 'model-unsupported'
  /** Anything else. */
  | 'internal';

/** Why a prompt cannot be heard. */
export type PromptFault = SpeechFault | 'wrong-format' | 'unfetched' | 'empty';

/** What was said, as the recogniser has it. `confidence` from 0 to 1, where it tells any. */
export type Speech =
  | { readonly heard: 'words'; readonly text: string; readonly confidence?: number }
  | { readonly heard: 'silence' }
  | { readonly heard: 'nothing-understood' }
  | { readonly fault: SpeechFault; readonly why: string };

export type OperationEvent = { readonly operationId: string } & (
  | {
      readonly kind: 'prompts-ready';
      /** Names of blobs: mono PCM of 16 bit and 16 kHz. */
      readonly prompts: readonly string[];
    }
  | {
      readonly kind: 'prompt-failed';
      readonly index: number;
      readonly fault: PromptFault;
      readonly why: string;
    }
  /** Its first packet went out. */
  | { readonly kind: 'prompt-began' }
  /** Its last packet went out. */
  | { readonly kind: 'prompt-ended' }
  | { readonly kind: 'tones-sent' }
  | { readonly kind: 'tones-unsent'; readonly why: string }
  /** Somebody began to speak. */
  | { readonly kind: 'speech-began' }
  /** And stopped: `utterance` names the blob of what was said. */
  | { readonly kind: 'utterance'; readonly utterance: string }
  | { readonly kind: 'understood'; readonly speech: Speech }
);
