/** What happened to a text, as its journal has it. */
import type { Outcome } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import type { Particulars, Route, Trouble } from './message.ts';

/** Receipts are heard once per part: `intermediate` ones and what is `ignored` change nothing. */
export type Heed = 'final' | 'intermediate' | 'ignored';

export type Fact =
  | { readonly fact: 'message-accepted'; readonly message: Particulars }
  /** `segment`: from 1, as everywhere here. */
  | { readonly fact: 'segment-submitted'; readonly segment: number; readonly carrier: string }
  | {
      readonly fact: 'segment-taken';
      readonly segment: number;
      readonly carrier: string;
      readonly carrierMessageId: string;
    }
  /** `lasting`: another try would be refused too. */
  | ({
      readonly fact: 'segment-refused';
      readonly segment: number;
      readonly carrier: string;
      readonly lasting: boolean;
    } & Trouble)
  | { readonly fact: 'retry-planned'; readonly dueAt: Instant; readonly tries: number }
  /** `routes`: what is left to try. */
  | { readonly fact: 'carrier-changed'; readonly routes: readonly Route[] }
  /** The process ended before the carrier answered: these parts are submitted again. */
  | { readonly fact: 'message-resumed'; readonly segments: readonly number[] }
  | {
      readonly fact: 'receipt-came';
      readonly segment: number;
      readonly carrier: string;
      readonly state?: string;
      readonly error?: string;
      readonly raw: string;
      readonly heed: Heed;
      /** What a final one that is no success means; why an ignored one is ignored, in `detail`. */
      readonly trouble?: Trouble;
      readonly detail?: string;
    }
  /** The answer to a try that nobody waits for any more. */
  | {
      readonly fact: 'answer-ignored';
      readonly segment: number;
      readonly detail: string;
    }
  | { readonly fact: 'message-ended'; readonly outcome: Outcome };
