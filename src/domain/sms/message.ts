/** A text to one recipient, from its acceptance to its end. What it says is kept elsewhere, and not after its end. */
import type { Outcome } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import type { Sender } from './addresses.ts';
import type { Situation } from './rulings.ts';
import type { Alphabet } from './segments.ts';

/** One carrier that may take the message; in the order in which they are tried. */
export interface Route {
  readonly carrier: string;
  /** False: this carrier sends none. */
  readonly receipts: boolean;
  /** `err` of a receipt by which it tells that the handset has opted out. */
  readonly optOutError?: string;
}

/** What stays the same. */
export interface Particulars {
  readonly id: string;
  readonly resourceId: string;
  readonly from: Sender;
  /** E.164. */
  readonly to: string;
  readonly acceptedAt: Instant;
  readonly alphabet: Alphabet;
  readonly parts: number;
  /** Shared by the parts (TS 23.040 9.2.3.24.1), 0 to 255. */
  readonly reference: number;
  readonly tag?: string;
  /** Answers a keyword, and goes out whoever has opted out. */
  readonly answersKeyword?: true;
  /** A delivery report was asked for. */
  readonly report: boolean;
  /** From then on no receipt is waited for. */
  readonly reportDue: Instant;
  readonly routes: readonly Route[];
}

/** What is wrong with a part, and how it is told. */
export interface Trouble {
  readonly situation: Situation;
  readonly detail: string;
}

export type Segment =
  /** `after`: why an earlier try came to nothing. */
  | { readonly state: 'waiting'; readonly after?: Trouble }
  | { readonly state: 'pending'; readonly carrier: string }
  | { readonly state: 'taken'; readonly carrier: string; readonly carrierMessageId: string }
  | { readonly state: 'delivered' }
  | ({ readonly state: 'failed' } & Trouble);

interface Alive {
  readonly message: Particulars;
  /** One per part, in order. */
  readonly segments: readonly Segment[];
  /** Receipts that came too late, or again. */
  readonly ignored: number;
}

export type SmsMessage =
  /** Waits for its turn, or for `dueAt` after `tries` that failed on the first of `routes`. */
  | (Alive & {
      readonly phase: 'queued';
      readonly routes: readonly Route[];
      readonly tries: number;
      readonly dueAt: Instant;
    })
  /** A carrier is taking it. */
  | (Alive & { readonly phase: 'submitting'; readonly routes: readonly Route[]; readonly tries: number })
  /** A carrier has all of it; receipts are awaited. */
  | (Alive & { readonly phase: 'sent' })
  | (Alive & { readonly phase: 'ended'; readonly outcome: Outcome });

export type Submittable = Extract<SmsMessage, { phase: 'queued' | 'submitting' }>;

/** A carrier has not all of it yet. */
export const isSubmittable = (state: SmsMessage): state is Submittable =>
  state.phase === 'queued' || state.phase === 'submitting';

export const count = (segments: readonly Segment[], ...states: readonly Segment['state'][]): number =>
  segments.filter(({ state }) => states.includes(state)).length;
