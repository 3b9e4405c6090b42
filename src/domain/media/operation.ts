/** What an application asks to be heard, pressed or listened for in a call (`reference/call-automation.md` §4, §8). */
import type { Instant } from '../ids/instant.ts';

/** As the official SDK spells the keys of a phone. */
export const tones = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'a',
  'b',
  'c',
  'd',
  'pound',
  'asterisk',
] as const;
export type Tone = (typeof tones)[number];

const keys = '0123456789ABCD#*';

/** The key as it is printed on a phone and as RFC 4733 names it. */
export const keyOf = (tone: Tone): string => keys.charAt(tones.indexOf(tone));
/** Undefined for what is no key, such as a hook flash. */
export const toneOf = (key: string): Tone | undefined =>
  key.length === 1 ? tones[keys.indexOf(key.toUpperCase())] : undefined;

export interface Voice {
  /** BCP 47. */
  readonly locale?: string;
  readonly kind?: 'male' | 'female';
  readonly name?: string;
  readonly endpointId?: string;
}

/** What is to be heard. `cacheId`: what was fetched or spoken under it once is used again. */
export type PromptSource =
  | { readonly kind: 'file'; readonly uri: string; readonly cacheId?: string }
  | { readonly kind: 'text'; readonly text: string; readonly voice: Voice; readonly cacheId?: string }
  | { readonly kind: 'ssml'; readonly ssml: string; readonly endpointId?: string; readonly cacheId?: string };

export interface Choice {
  readonly label: string;
  readonly phrases: readonly string[];
  readonly tone?: Tone;
}

export interface DtmfRules {
  /** Reaching it completes the operation. */
  readonly maxTones?: number;
  readonly interToneMs: number;
  readonly stopTones: readonly Tone[];
}

export interface SpeechRules {
  /** BCP 47. */
  readonly locale: string;
  readonly endSilenceMs: number;
}

/** Who hears it: everybody, or these legs. */
export type Audience = 'all' | readonly string[];

export interface PlaySpec {
  readonly kind: 'play';
  readonly sources: readonly PromptSource[];
  readonly loop: boolean;
  readonly to: Audience;
}

export interface RecognizeSpec {
  readonly kind: 'recognize';
  readonly input: 'dtmf' | 'speech' | 'speechOrDtmf' | 'choices';
  readonly legId: string;
  /** In a call of two it takes the main lane, in a group the sub lane. */
  readonly lane: Lane;
  readonly prompts: readonly PromptSource[];
  readonly interruptPrompt: boolean;
  readonly initialSilenceMs: number;
  readonly dtmf?: DtmfRules;
  readonly speech?: SpeechRules;
  readonly choices?: readonly Choice[];
}

export interface SendTonesSpec {
  readonly kind: 'send-tones';
  readonly legId: string;
  readonly tones: readonly Tone[];
}

/** Heard by somebody on hold, again and again until it ends. */
export interface HoldSpec {
  readonly kind: 'hold';
  readonly legId: string;
  readonly sources: readonly PromptSource[];
}

export type OperationSpec = HoldSpec | PlaySpec | RecognizeSpec | SendTonesSpec;

/** What its prompts are made of. */
export function sourcesOf(spec: OperationSpec): readonly PromptSource[] {
  switch (spec.kind) {
    case 'play':
    case 'hold':
      return spec.sources;
    case 'recognize':
      return spec.prompts;
    case 'send-tones':
      return [];
  }
}

/** Operations of one lane come one after the other; the lanes do not wait for each other. */
export type Lane = 'main' | 'sub' | 'hold';

export type OperationPhase =
  | { readonly phase: 'queued' }
  /** Its sources are being fetched and spoken. */
  | { readonly phase: 'preparing' }
  /** Its prompt is heard; keys that are pressed meanwhile count. */
  | { readonly phase: 'prompting'; readonly began: boolean; readonly collected: readonly Tone[] }
  /** Recognise only: waiting for keys or words. `until` is absent while somebody speaks. */
  | {
      readonly phase: 'listening';
      readonly collected: readonly Tone[];
      readonly until?: Instant;
    }
  /** What was said is with the speech service. */
  | { readonly phase: 'understanding' }
  /** Keys are being sent. */
  | { readonly phase: 'sending' };

/** A live media operation. Those that ended are not kept: their facts are in the journal. */
export interface Operation {
  readonly id: string;
  readonly connectionId: string;
  readonly spec: OperationSpec;
  readonly operationContext?: string;
  /** Overrides the callback address of the connection, for the events of this operation. */
  readonly callbackUri?: string;
  readonly requestedAt: Instant;
  readonly at: OperationPhase;
}

export function laneOf(spec: OperationSpec): Lane {
  switch (spec.kind) {
    case 'play':
      return spec.to === 'all' ? 'main' : 'sub';
    case 'recognize':
      return spec.lane;
    case 'send-tones':
      return 'sub';
    case 'hold':
      return 'hold';
  }
}
