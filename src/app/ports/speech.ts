/**
 * Speech as the app sees it: text to audio and audio to text, by whoever serves a resource. Values only, so that a provider
 * may stand on another machine. Failures are causes; what they become is ruled elsewhere.
 */

/** What to say. SSML is W3C SSML 1.0 or 1.1, a whole document. */
export type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ssml'; readonly ssml: string };

export interface SynthesisRequest {
  readonly said: Said;
  /** BCP-47, as in `en-US`. Where absent it follows from the voice's name (`en-US-JennyNeural`), else it is en-US. */
  readonly locale?: string;
  /** The provider's name of a voice. */
  readonly voiceName?: string;
  /** Decides where no voice is named. */
  readonly voiceKind?: 'male' | 'female';
}

export interface Speech {
  readonly kind: 'speech';
  /** PCM, 16-bit, mono, 16 kHz. */
  readonly samples: Int16Array;
  /** What of the request is not heard in it, for people: "the voice en-US-JennyNeural: slt speaks". */
  readonly ignored: readonly string[];
}

export interface RecognitionRequest {
  /** PCM, 16-bit, mono, 16 kHz; silence around the voice does no harm. */
  readonly audio: Int16Array;
  /** BCP-47. */
  readonly locale: string;
  /** What may have been said; absent: anything. Never empty. */
  readonly phrases?: readonly string[];
}

/** How sure a provider is: 0 to 1, by a measure of its own; absent where it does not tell. */
export type Recognition =
  /** One of the phrases, spelt as in the request. */
  | { readonly kind: 'phrase'; readonly phrase: string; readonly confidence?: number }
  | { readonly kind: 'text'; readonly text: string; readonly confidence?: number }
  /** A voice, and none of the phrases; or nothing that makes words. `heard`: what it was taken for, where known. */
  | { readonly kind: 'no-match'; readonly heard?: string }
  | { readonly kind: 'silence' };

export const speechFailureKinds = [
  /** The provider does not know us: its key is wrong or expired. */
  'authentication',
  /** It knows us and does not let us; or we would not open its address. */
  'forbidden',
  /** It takes no keys, or the identity behind ours has not the role that is needed. */
  'identity-refused',
  /** Too many requests for it. */
  'throttled',
  /** It takes the request for wrong: a voice or a locale it does not have. */
  'bad-request',
  /** No answer in time, by its own words or by our clock. */
  'timeout',
  /** No connection, or one that broke. */
  'connection',
  /** It failed by itself. */
  'provider-error',
  /** What it answered is no answer: no audio, no JSON, too much of it. */
  'bad-answer',
  /** No text at all to be said. */
  'empty',
  /** Not SSML: the XML is not well-formed, or means something else. */
  'malformed-ssml',
  /** A language that this provider does not speak or understand. */
  'unsupported-language',
  /** Words that are not in the recogniser's dictionary. */
  'unknown-words',
  /** A program that does the work is not installed. */
  'not-installed',
] as const;

export type SpeechFailureKind = (typeof speechFailureKinds)[number];

export interface SpeechFailure {
  readonly kind: 'failed';
  readonly because: SpeechFailureKind;
  /** What happened, what was expected and what to do, for people. Holds no key and no text of a call. */
  readonly detail: string;
}

/** Neither method throws; both are bounded in time. */
export interface SpeechPort {
  synthesise(request: SynthesisRequest): Promise<Speech | SpeechFailure>;
  recognise(request: RecognitionRequest): Promise<Recognition | SpeechFailure>;
}
