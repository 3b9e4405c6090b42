/** An order as a submit_sm. */
import type { SubmitOrder } from '../../app/ports/sms-carriers.ts';
import { toSmpp } from '../../wire/smpp/addresses.ts';
import { dataCodings, encodeText } from '../../wire/smpp/text.ts';
import { concatenationHeader, headerIndicator } from '../../wire/smpp/user-data-header.ts';
import type { PduFields } from '../smpp/pdu.ts';

/** SMPP 3.4, 5.2.22: what is longer stands in message_payload. */
const longestShortMessage = 254;

/** Throws where the alphabet lacks a character of the text: whoever chose it made a mistake. */
export function submission(order: SubmitOrder): PduFields {
  const { alphabet, text, segment, receipt } = order;
  const body = encodeText(alphabet, text);
  if (!body) throw new RangeError(`order ${order.orderId}: its text has characters that ${alphabet} lacks`);
  const octets = Buffer.from(segment ? [...concatenationHeader(segment), ...body] : body);
  const from = toSmpp(order.from.kind, order.from.address);
  const to = toSmpp('e164', order.to);
  return {
    source_addr_ton: from.ton,
    source_addr_npi: from.npi,
    source_addr: from.address,
    dest_addr_ton: to.ton,
    dest_addr_npi: to.npi,
    destination_addr: to.address,
    esm_class: segment ? headerIndicator : 0,
    registered_delivery: receipt ? 1 : 0,
    data_coding: dataCodings[alphabet],
    ...(octets.length > longestShortMessage ? { message_payload: octets } : { short_message: octets }),
  };
}
