/**
 * Receipts of delivery: the text that SMPP 3.4 suggests in appendix B and carriers vary, and the TLVs that say the same
 * (5.3.2.12 receipted_message_id, 5.3.2.35 message_state, 5.3.2.31 network_error_code).
 */

export const receiptStates = [
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
] as const;

export type ReceiptState = (typeof receiptStates)[number];

export interface ReceiptTlvs {
  readonly messageId?: string;
  readonly state?: number;
  /** Three octets: the kind of network, then its error. */
  readonly networkError?: Uint8Array;
}

export interface Receipt {
  /** Absent: neither text nor TLV names the message. */
  readonly messageId?: string;
  /** Absent: it could not be read. */
  readonly state?: ReceiptState;
  /** Three digits where the carrier gives digits. */
  readonly error?: string;
  /** Milliseconds since the epoch; the text names no zone and is read as UTC. */
  readonly doneAt?: number;
  /** The text as it came. */
  readonly raw: string;
}

/** message_state (5.2.28). */
const states: Readonly<Record<number, ReceiptState>> = Object.fromEntries(
  receiptStates.map((state, index) => [index + 1, state]),
);

export const messageState = (state: ReceiptState): number => receiptStates.indexOf(state) + 1;

/** Spelt out, as some carriers do. */
const longWords: Readonly<Record<string, ReceiptState>> = {
  DELIVERED: 'DELIVRD',
  UNDELIVERABLE: 'UNDELIV',
  UNDELIVERED: 'UNDELIV',
  ACCEPTED: 'ACCEPTD',
  REJECTED: 'REJECTD',
  EN_ROUTE: 'ENROUTE',
};

function stateOf(word: string | undefined): ReceiptState | undefined {
  const upper = word?.toUpperCase() ?? '';
  return receiptStates.find((state) => state === upper) ?? longWords[upper];
}

/** Keys in any case and order, with or without a space behind the colon. */
const words = {
  id: /(?:^|[\s,;])id:\s*([^\s,;:]+)/i,
  state: /(?:^|[\s,;])stat:\s*(\w+)/i,
  error: /(?:^|[\s,;])err:\s*(\w+)/i,
  doneAt: /(?:^|[\s,;])done[ _]?date:\s*(\d{10,14})/i,
};

/** What the text and the TLVs say together; where both speak, the TLVs win. */
export function readReceipt(raw: string, tlvs: ReceiptTlvs = {}): Receipt {
  // What a handset wrote stands behind `text:` and is no word of the carrier's.
  const [told = ''] = raw.split(/\btext:/i, 1);
  const messageId = tlvs.messageId ?? words.id.exec(told)?.[1];
  const state =
    (tlvs.state === undefined ? undefined : states[tlvs.state]) ?? stateOf(words.state.exec(told)?.[1]);
  const error = errorOf(tlvs.networkError) ?? words.error.exec(told)?.[1];
  const doneAt = dateOf(words.doneAt.exec(told)?.[1]);
  return {
    raw,
    ...(messageId === undefined ? {} : { messageId }),
    ...(state === undefined ? {} : { state }),
    ...(error === undefined ? {} : { error: /^\d+$/.test(error) ? error.padStart(3, '0') : error }),
    ...(doneAt === undefined ? {} : { doneAt }),
  };
}

function errorOf(networkError: Uint8Array | undefined): string | undefined {
  if (networkError?.length !== 3) return undefined;
  return String((networkError[1]! << 8) | networkError[2]!);
}

/** YYMMDDhhmm, with seconds, with the century, or with both. */
function dateOf(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  return instant(`20${digits}`) ?? instant(digits);
}

function instant(digits: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/
    .exec(digits)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const same = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return same && hour < 24 && minute < 60 && second < 60 ? at.getTime() : undefined;
}

export interface ReceiptWords {
  readonly messageId: string;
  readonly state: ReceiptState;
  /** Three digits. */
  readonly error: string;
  /** Milliseconds since the epoch. */
  readonly submittedAt: number;
  readonly doneAt: number;
  /** Of the message, for its first 20 characters. */
  readonly text: string;
}

/** The text of appendix B. */
export function formatReceipt(words: ReceiptWords): string {
  const { messageId, state, error, submittedAt, doneAt, text } = words;
  const delivered = state === 'DELIVRD' ? '001' : '000';
  return (
    `id:${messageId} sub:001 dlvrd:${delivered} submit date:${minuteOf(submittedAt)} done date:${minuteOf(doneAt)} ` +
    `stat:${state} err:${error} text:${text.slice(0, 20)}`
  );
}

/** YYMMDDhhmm in UTC. */
const minuteOf = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(2, 12);
