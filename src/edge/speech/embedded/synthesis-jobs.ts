/** What passes between the synthesiser and its worker thread. */
import type { Part } from '../ssml.ts';
import type { Voice } from './voices.ts';

export type SpokenPart =
  | { readonly kind: 'pause'; readonly ms: number }
  | (Pick<Extract<Part, { kind: 'text' }>, 'kind' | 'text' | 'rate' | 'gain'> & { readonly voice: Voice });

export interface WorkerSettings {
  /** An empty one, of its own. */
  readonly folder: string;
  /** The program. */
  readonly espeak: string;
}

export interface SynthesisJob {
  readonly id: number;
  readonly parts: readonly SpokenPart[];
}

export type SynthesisAnswer =
  | { readonly id: number; readonly samples: Int16Array }
  | { readonly id: number; readonly why: string };
