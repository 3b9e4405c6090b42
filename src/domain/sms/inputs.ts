/** What can happen to a text. */
import type { Particulars } from './message.ts';

/** Our own policy towards the sender at the moment of acceptance; a text says what is above what. */
export interface Standing {
  readonly optedOut: boolean;
  readonly entitled: boolean;
  /** Absent: within it, or there is no such bound. */
  readonly unverifiedAbove?: string;
  readonly volumeAbove?: string;
  readonly quotaAbove?: string;
}

/** As the carrier's receipt said it. */
export interface Receipt {
  readonly state?:
    | 'ENROUTE'
    | 'DELIVRD'
    | 'EXPIRED'
    | 'DELETED'
    | 'UNDELIV'
    | 'ACCEPTD'
    | 'UNKNOWN'
    | 'REJECTD';
  /** `err`: three digits, of the carrier's own meaning. */
  readonly error?: string;
  /** As it came. */
  readonly raw: string;
}

export type Answer =
  | { readonly kind: 'accepted'; readonly carrierMessageId: string }
  /** command_status of submit_sm_resp. */
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'lost'; readonly why: string };

export type Input =
  | { readonly input: 'accept'; readonly message: Particulars; readonly standing: Standing }
  /** The carrier has room for so many parts. `optedOut`: since the message was accepted, or before. */
  | {
      readonly input: 'submit';
      readonly carrier: string;
      readonly room: number;
      readonly optedOut: boolean;
    }
  | {
      readonly input: 'answered';
      readonly segment: number;
      readonly carrier: string;
      readonly answer: Answer;
    }
  | {
      readonly input: 'receipt';
      readonly segment: number;
      readonly carrier: string;
      readonly receipt: Receipt;
    }
  /** Nobody in this process has tried it yet. */
  | { readonly input: 'resume' }
  /** The clock has passed `reportDue`. */
  | { readonly input: 'tick' };
