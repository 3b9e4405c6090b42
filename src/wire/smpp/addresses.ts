/** Addresses with their type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6). */

export type Sender = 'e164' | 'short-code' | 'alphanumeric';

export interface SmppAddress {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

const ton = { unknown: 0, international: 1, networkSpecific: 3, alphanumeric: 5 } as const;
const npi = { unknown: 0, e164: 1 } as const;

/** `address`: E.164 with its plus sign, digits, or letters and digits. */
export function toSmpp(kind: Sender, address: string): SmppAddress {
  switch (kind) {
    case 'e164':
      return { ton: ton.international, npi: npi.e164, address: address.replace(/^\+/, '') };
    case 'short-code':
      return { ton: ton.networkSpecific, npi: npi.unknown, address };
    case 'alphanumeric':
      return { ton: ton.alphanumeric, npi: npi.unknown, address };
  }
}

/** Longer than any short code, and no longer than E.164 allows. */
const wholeNumber = /^\d{8,15}$/;

/**
 * A number with its plus sign where the carrier says that it is one, and where it says nothing and the digits are too
 * many for a short code; else the address as it is.
 */
export function fromSmpp({ ton: type, address }: SmppAddress): string {
  if (address.startsWith('+')) return address;
  if (type === ton.international) return `+${address}`;
  return type === ton.unknown && wholeNumber.test(address) ? `+${address}` : address;
}
