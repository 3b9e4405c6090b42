/** Where SMS rows are chosen: each lists the situations (`cause@phase`) that end in it (`reference/sms.md` §5). */
import type { RuledRow } from '../../codes/catalogue.ts';

/**
 * Cause → the phases in which it can happen. `accepting`: our own policy; `submitting`: until the carrier has all of it;
 * `reporting`: after that.
 */
type Causes = {
  delivered: 'reporting';
  'volume-above-rule': 'accepting';
  'sender-malformed': 'submitting';
  'recipient-malformed': 'submitting';
  'no-route': 'accepting';
  'number-unassigned': 'reporting';
  'carrier-rejected': 'reporting';
  'handset-unreachable': 'reporting';
  'validity-expired': 'reporting';
  'opted-out': 'accepting' | 'submitting';
  'opted-out-at-carrier': 'reporting';
  'quota-used-up': 'accepting';
  'not-entitled': 'accepting';
  'toll-free-unverified': 'accepting';
  'throttled-throughout': 'submitting';
  undeliverable: 'reporting';
  'deleted-at-carrier': 'reporting';
  'carrier-refused': 'submitting';
  'carrier-unavailable': 'submitting';
  'bind-lost': 'submitting';
  'never-taken': 'submitting';
  'route-without-receipts': 'reporting';
  'report-time-out': 'reporting';
  'state-unknown': 'reporting';
  'receipt-unreadable': 'reporting';
};

export type Situation = { [C in keyof Causes]: `${C}@${Causes[C]}` }[keyof Causes];
export type SmsRow = Extract<RuledRow, `sms/${string}`>;

export const rulings = {
  'sms/2000': ['delivered@reporting'],
  'sms/4000': ['volume-above-rule@accepting'],
  'sms/4001': ['sender-malformed@submitting'],
  'sms/4002': ['recipient-malformed@submitting'],
  'sms/4003': ['no-route@accepting'],
  'sms/4004': ['number-unassigned@reporting'],
  'sms/4005': ['carrier-rejected@reporting'],
  'sms/4006': ['handset-unreachable@reporting', 'validity-expired@reporting'],
  'sms/4007': ['opted-out@accepting', 'opted-out@submitting', 'opted-out-at-carrier@reporting'],
  'sms/4008': ['quota-used-up@accepting'],
  'sms/4009': ['not-entitled@accepting'],
  'sms/4010': ['toll-free-unverified@accepting'],
  'sms/4020': ['throttled-throughout@submitting'],
  'sms/5000': ['undeliverable@reporting', 'deleted-at-carrier@reporting', 'carrier-refused@submitting'],
  'sms/5001': ['carrier-unavailable@submitting', 'bind-lost@submitting', 'never-taken@submitting'],
  'sms/5002': ['route-without-receipts@reporting', 'report-time-out@reporting'],
  'sms/9999': ['state-unknown@reporting', 'receipt-unreadable@reporting'],
} as const satisfies Record<SmsRow, readonly Situation[]>;

type Unruled = Exclude<Situation, (typeof rulings)[SmsRow][number]>;
// A situation without a row fails here, and the compiler names it.
true satisfies [Unruled] extends [never] ? true : Unruled;

const rowBySituation: ReadonlyMap<string, SmsRow> = new Map(
  (Object.entries(rulings) as [SmsRow, readonly Situation[]][]).flatMap(([row, situations]) =>
    situations.map((situation) => [situation, row] as const),
  ),
);

/** The row that a situation ends in. */
export function rule(situation: Situation): SmsRow {
  const row = rowBySituation.get(situation);
  if (!row) throw new Error(`rulings: no row for ${situation}`);
  return row;
}
