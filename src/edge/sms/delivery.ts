/** What a deliver_sm or data_sm of a carrier says. */
import type { ArrivedText, ReceiptEvent, SegmentPlace } from '../../app/ports/sms-carriers.ts';
import { commandStatus } from '../../wire/smpp/command-status.ts';
import { readReceipt } from '../../wire/smpp/receipt.ts';
import { type Tlvs, tlvNumber, tlvTags, tlvText } from '../../wire/smpp/tlvs.ts';
import { place } from '../../wire/smpp/user-data-header.ts';
import { addressesOf, contentOf } from '../smpp/content.ts';
import type { Pdu } from '../smpp/pdu.ts';

export type Delivery =
  | ReceiptEvent
  | ArrivedText
  /** Nothing that anybody could use, now or later. */
  | { readonly kind: 'unusable'; readonly status: number; readonly why: string };

/** esm_class, bits 5 to 2 (SMPP 3.4, 5.2.12): a receipt of the carrier's, at the end and on the way. */
const kindBits = 0x3c;
const receiptKinds: ReadonlySet<number> = new Set([0x04, 0x20]);

export function readDelivery(carrier: string, pdu: Pdu, tlvs: Tlvs): Delivery {
  const content = contentOf(pdu, tlvs);
  if (!content)
    return {
      kind: 'unusable',
      status: commandStatus.ESME_RINVESMCLASS,
      why: 'its user data header is broken',
    };
  const { text, segment = segmentOf(tlvs) } = content;
  const messageId = tlvText(tlvs, tlvTags.receiptedMessageId);
  if (receiptKinds.has((pdu.esm_class ?? 0) & kindBits) || messageId !== undefined)
    return receipt(carrier, text ?? '', messageId, tlvs);
  if (text === undefined) {
    const why = `its data_coding ${pdu.data_coding} is none of text that is read here`;
    return { kind: 'unusable', status: commandStatus.ESME_RX_R_APPN, why };
  }
  return { kind: 'arrived', carrier, ...addressesOf(pdu), text, ...(segment ? { segment } : {}) };
}

function receipt(carrier: string, text: string, messageId: string | undefined, tlvs: Tlvs): Delivery {
  const state = tlvNumber(tlvs, tlvTags.messageState);
  const networkError = tlvs.get(tlvTags.networkErrorCode);
  const { messageId: id, ...read } = readReceipt(text, {
    ...(messageId === undefined ? {} : { messageId }),
    ...(state === undefined ? {} : { state }),
    ...(networkError === undefined ? {} : { networkError }),
  });
  // Acknowledged: sent again it would name no message either.
  if (id === undefined)
    return { kind: 'unusable', status: commandStatus.ESME_ROK, why: 'a receipt that names no message' };
  return { kind: 'receipt', carrier, carrierMessageId: id, receipt: read };
}

function segmentOf(tlvs: Tlvs): SegmentPlace | undefined {
  const reference = tlvNumber(tlvs, tlvTags.sarReference);
  const number = tlvNumber(tlvs, tlvTags.sarNumber);
  const of = tlvNumber(tlvs, tlvTags.sarTotal);
  if (reference === undefined || number === undefined || of === undefined) return undefined;
  return place(reference, number, of);
}
