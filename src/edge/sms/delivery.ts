/** What a deliver_sm or data_sm of a carrier says. */
import type { ArrivedText, ReceiptEvent, SegmentPlace } from '../../app/ports/sms-carriers.ts';
import { fromSmpp } from '../../wire/smpp/addresses.ts';
import { commandStatus } from '../../wire/smpp/command-status.ts';
import { readReceipt } from '../../wire/smpp/receipt.ts';
import { decodeText } from '../../wire/smpp/text.ts';
import { type Tlvs, tlvNumber, tlvTags, tlvText } from '../../wire/smpp/tlvs.ts';
import { headerIndicator, place, readUserData, type UserData } from '../../wire/smpp/user-data-header.ts';
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
  const esmClass = pdu.esm_class ?? 0;
  const dataCoding = pdu.data_coding ?? 0;
  const octets = contentOf(pdu, tlvs);
  const userData: UserData | undefined =
    (esmClass & headerIndicator) === 0 ? { body: octets } : readUserData(octets);
  if (!userData)
    return {
      kind: 'unusable',
      status: commandStatus.ESME_RINVESMCLASS,
      why: 'its user data header is broken',
    };
  const text = decodeText(dataCoding, userData.body);
  const messageId = tlvText(tlvs, tlvTags.receiptedMessageId);
  if (receiptKinds.has(esmClass & kindBits) || messageId !== undefined)
    return receipt(carrier, text ?? '', messageId, tlvs);
  if (text === undefined) {
    const why = `its data_coding 0x${dataCoding.toString(16)} is none of text that is read here`;
    return { kind: 'unusable', status: commandStatus.ESME_RX_R_APPN, why };
  }
  const segment = userData.segment ?? segmentOf(tlvs);
  return {
    kind: 'arrived',
    carrier,
    from: addressOf(pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr),
    to: addressOf(pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr),
    text,
    ...(segment ? { segment } : {}),
  };
}

function contentOf(pdu: Pdu, tlvs: Tlvs): Uint8Array {
  const { short_message: short } = pdu;
  return short?.length ? short : (tlvs.get(tlvTags.messagePayload) ?? new Uint8Array());
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

const addressOf = (ton = 0, npi = 0, address = ''): string => fromSmpp({ ton, npi, address });

function segmentOf(tlvs: Tlvs): SegmentPlace | undefined {
  const reference = tlvNumber(tlvs, tlvTags.sarReference);
  const number = tlvNumber(tlvs, tlvTags.sarNumber);
  const of = tlvNumber(tlvs, tlvTags.sarTotal);
  if (reference === undefined || number === undefined || of === undefined) return undefined;
  return place(reference, number, of);
}
