/** SMS carriers as the desk sees them. Implemented by `edge/sms` over SMPP 3.4; knows no row. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Sender } from '../../domain/sms/addresses.ts';
import type { Receipt } from '../../domain/sms/inputs.ts';
import type { Alphabet } from '../../domain/sms/segments.ts';

/** A part of a concatenated message (3GPP TS 23.040, 9.2.3.24.1). */
export interface SegmentPlace {
  /** Shared by the parts of one message: 0 to 255 in what is submitted, up to 65,535 in what arrives. */
  readonly reference: number;
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** One submit_sm: a message, or one segment of it. */
export interface SubmitOrder {
  /** Names this try in the events that come of it. */
  readonly orderId: string;
  readonly carrier: string;
  readonly from: Sender;
  /** E.164. */
  readonly to: string;
  readonly alphabet: Alphabet;
  readonly text: string;
  /** Absent: the message is one segment. */
  readonly segment?: SegmentPlace;
  /** registered_delivery: a receipt is asked for. */
  readonly receipt: boolean;
}

/** What a receipt says, by its text (SMPP 3.4, appendix B) or by its TLVs, which win. No state: it could not be read. */
export interface CarrierReceipt extends Receipt {
  readonly doneAt?: Instant;
}

/** Of an order that was submitted: exactly one of these comes back. */
export type SubmitEvent =
  | { readonly kind: 'accepted'; readonly orderId: string; readonly carrierMessageId: string }
  /** submit_sm_resp with this command_status; 0x58 (throttled) and 0x14 (queue full) among them. */
  | { readonly kind: 'refused'; readonly orderId: string; readonly status: number }
  /** The bind was lost before the answer, or none came in time: it may or may not have been taken. */
  | { readonly kind: 'lost'; readonly orderId: string; readonly why: string };

export type ReceiptEvent = {
  readonly kind: 'receipt';
  readonly carrier: string;
  readonly carrierMessageId: string;
  readonly receipt: CarrierReceipt;
};

/** A handset's message, or one segment of it. */
export type ArrivedText = {
  readonly kind: 'arrived';
  readonly carrier: string;
  /** E.164 where the carrier says that it is a number. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly segment?: SegmentPlace;
};

export interface CarriersListener {
  submitted(event: SubmitEvent): void;
  /**
   * deliver_sm is acknowledged when the promise is kept, and answered with ESME_RX_T_APPN (try again) when it is broken,
   * so that nothing acknowledged is lost.
   */
  delivered(event: ReceiptEvent | ArrivedText): Promise<void>;
  /** This carrier takes orders again (bound, or with room in its window) after somebody was told that it takes none. */
  room(carrier: string): void;
}

export interface CarrierStatus {
  readonly name: string;
  readonly target: string;
  readonly bound: boolean;
  /** Why it is not bound, in words. */
  readonly why?: string;
  /** Orders submitted and not answered yet. */
  readonly pending: number;
}

export interface SmsCarriers {
  /** Orders that this carrier takes now; 0: not bound, window full, or unknown. Who is told 0 hears of it by `room`. */
  room(carrier: string): number;
  /** Throws where there is no room: the caller asks first. */
  submit(order: SubmitOrder): void;
  status(): readonly CarrierStatus[];
}
