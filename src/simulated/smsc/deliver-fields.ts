/** The deliver_sm of the simulated SMSC: receipts, and what handsets write. */
import type { PduFields } from '../../edge/smpp/pdu.ts';
import { toSmpp } from '../../wire/smpp/addresses.ts';
import { formatReceipt, messageState } from '../../wire/smpp/receipt.ts';
import { cutText } from '../../wire/smpp/segments.ts';
import { dataCodings, encodeText } from '../../wire/smpp/text.ts';
import { concatenationHeader, headerIndicator } from '../../wire/smpp/user-data-header.ts';
import type { SubmittedText } from './handsets.ts';
import type { PlannedReceipt } from './numbers.ts';

/** A message that was taken. */
export interface AcceptedText extends SubmittedText {
  readonly messageId: string;
  readonly submittedAt: number;
  /** Whether the server asked for such a receipt. */
  readonly wants: (receipt: PlannedReceipt) => boolean;
}

/** esm_class of a receipt (SMPP 3.4, 5.2.12). */
const receiptClass = 0x04;
/** Of network_error_code (5.3.2.31). */
const gsmNetwork = 3;

/** From the handset that was written to, to the sender. `doneAt`: milliseconds since the epoch. */
export function receiptFields(message: AcceptedText, receipt: PlannedReceipt, doneAt: number): PduFields {
  const { messageId, submittedAt, text } = message;
  const { state, error, bare } = receipt;
  const code = Number(error);
  const words = bare
    ? ''
    : formatReceipt({ messageId, state, error, submittedAt, doneAt, text: plain(text) });
  return {
    ...addressed(message.to, message.from),
    esm_class: receiptClass,
    data_coding: dataCodings.gsm7,
    short_message: Buffer.from(words, 'latin1'),
    receipted_message_id: messageId,
    message_state: messageState(state),
    ...(bare ? { network_error_code: Buffer.of(gsmNetwork, code >> 8, code & 0xff) } : {}),
  };
}

/** What is the same in ASCII and in the alphabet of GSM. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9 ]/g, '.');

export interface HandsetText {
  /** E.164. */
  readonly from: string;
  /** E.164, or a short code. */
  readonly to: string;
  readonly text: string;
}

/** For each segment; `reference`: 0 to 255. */
export function textFields({ from, to, text }: HandsetText, reference: number): readonly PduFields[] {
  const { alphabet, parts } = cutText(text);
  return parts.map((part, index): PduFields => {
    const place = parts.length > 1 ? { reference, number: index + 1, of: parts.length } : undefined;
    const body = encodeText(alphabet, part) ?? new Uint8Array();
    return {
      ...addressed(from, to),
      esm_class: place ? headerIndicator : 0,
      data_coding: dataCodings[alphabet],
      short_message: Buffer.from(place ? [...concatenationHeader(place), ...body] : body),
    };
  });
}

const shortCode = /^\d{3,8}$/;
const letters = /[A-Za-z]/;

const addressOf = (address: string) =>
  toSmpp(letters.test(address) ? 'alphanumeric' : shortCode.test(address) ? 'short-code' : 'e164', address);

function addressed(from: string, to: string): PduFields {
  const source = addressOf(from);
  const destination = addressOf(to);
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
  };
}
