/** Who may stand as sender and as recipient of a text (`reference/sms.md` §1). */

export type SenderKind = 'e164' | 'short-code' | 'alphanumeric';

export interface Sender {
  readonly kind: SenderKind;
  /** As it was written. */
  readonly address: string;
}

const e164 = /^\+[1-9]\d{6,14}$/;

/** Undefined: none of the three kinds. */
export function senderOf(address: string): Sender | undefined {
  if (e164.test(address)) return { kind: 'e164', address };
  if (/^\d{5,6}$/.test(address)) return { kind: 'short-code', address };
  return /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(address) ? { kind: 'alphanumeric', address } : undefined;
}

/** Country codes that the ITU has assigned to nobody (Annex to Operational Bulletin 1114, list of E.164 country codes). */
const unassigned =
  /^\+(?:21[04579]|259|28|38[48]|42[24-9]|69[3-9]|80[1-79]|83|85[14789]|87[1-79]|88[4579]|89|96[9]|97[8]|99[0179])/;

/** What is wrong with a recipient, in the words that ACS uses for it; undefined: nothing. */
export function recipientFault(to: string): string | undefined {
  if (!e164.test(to) || to.length < 9) return 'Invalid To phone number format.';
  return unassigned.test(to) ? 'Unknown country code.' : undefined;
}
