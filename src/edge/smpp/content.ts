/** What a submit_sm, deliver_sm or data_sm carries: its text, its place among segments, its addresses. */
import { fromSmpp } from '../../wire/smpp/addresses.ts';
import { decodeText } from '../../wire/smpp/text.ts';
import { type Tlvs, tlvTags } from '../../wire/smpp/tlvs.ts';
import {
  headerIndicator,
  type Place,
  readUserData,
  type UserData,
} from '../../wire/smpp/user-data-header.ts';
import type { Pdu } from './pdu.ts';

export interface Content {
  /** Absent: no text, or in an alphabet that is not read here. */
  readonly text?: string;
  /** Of its user data header. */
  readonly segment?: Place;
}

/** Undefined: its user data header is broken. */
export function contentOf(pdu: Pdu, tlvs: Tlvs): Content | undefined {
  const { short_message: short, esm_class: esmClass = 0, data_coding: dataCoding = 0 } = pdu;
  const octets = short?.length ? short : (tlvs.get(tlvTags.messagePayload) ?? new Uint8Array());
  const userData: UserData | undefined =
    (esmClass & headerIndicator) === 0 ? { body: octets } : readUserData(octets);
  if (!userData) return undefined;
  const text = decodeText(dataCoding, userData.body);
  return {
    ...(text === undefined ? {} : { text }),
    ...(userData.segment ? { segment: userData.segment } : {}),
  };
}

/** Numbers with their plus sign, as far as the peer says that they are numbers. */
export function addressesOf(pdu: Pdu): { readonly from: string; readonly to: string } {
  const { source_addr_ton, source_addr_npi, source_addr } = pdu;
  const { dest_addr_ton, dest_addr_npi, destination_addr } = pdu;
  return {
    from: addressOf(source_addr_ton, source_addr_npi, source_addr),
    to: addressOf(dest_addr_ton, dest_addr_npi, destination_addr),
  };
}

const addressOf = (ton = 0, npi = 0, address = ''): string => fromSmpp({ ton, npi, address });
