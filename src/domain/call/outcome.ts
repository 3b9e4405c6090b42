import { type RuledRow, rows } from '../../codes/catalogue.ts';
import { familyRow } from '../../codes/families.ts';
import type { Row } from '../../codes/row.ts';
import type { Instant } from '../ids/instant.ts';
import type { SipReason } from './leg-events.ts';
import { type CallRow, inside, rule } from './rulings.ts';
import type { RuledSipStatus, Situation } from './situations.ts';

declare const made: unique symbol;

/** A documented row reached at an instant, with the situation that led there. Made only in this file. */
export interface Outcome {
  readonly [made]: true;
  /** Row id, or the family id of a pair that is not documented (`call/488/560488`). */
  readonly row: string;
  /** `cause@phase`. */
  readonly situation: string;
  readonly code: number;
  readonly subCode?: number;
  readonly category?: string;
  /** The row's short name. */
  readonly name: string;
  /** Subcode and name of the row whose answer it stands inside. */
  readonly inside?: { readonly subCode: number; readonly name: string };
  readonly at: Instant;
  /** What exactly: the field, the limit, the far end's words. For people. */
  readonly detail?: string;
  readonly sip?: SipReason;
  readonly q850?: SipReason;
}

export interface Particulars {
  readonly detail?: string;
  readonly sip?: SipReason;
  readonly q850?: SipReason;
}

function make(id: string, row: Row, situation: string, at: Instant, particulars: Particulars): Outcome {
  const { detail, sip, q850 } = particulars;
  const outcome: Omit<Outcome, typeof made> = {
    row: id,
    situation,
    code: row.code,
    name: row.name,
    at,
    ...(row.subCode === undefined ? {} : { subCode: row.subCode }),
    ...(row.category === undefined ? {} : { category: row.category }),
    ...(detail === undefined ? {} : { detail }),
    ...(sip === undefined ? {} : { sip }),
    ...(q850 === undefined ? {} : { q850 }),
  };
  return outcome as Outcome;
}

const isInside = (id: CallRow): id is keyof typeof inside => id in inside;

export function outcome(situation: Situation, at: Instant, particulars: Particulars = {}): Outcome {
  const id = rule(situation);
  const made = make(id, rows[id], situation, at, particulars);
  if (!isInside(id)) return made;
  const { subCode, name } = rows[inside[id]];
  return { ...made, inside: { subCode, name } };
}

/** For the rulings of other surfaces: the row that theirs chose. */
export function outcomeOf(
  id: RuledRow,
  situation: string,
  at: Instant,
  particulars: Particulars = {},
): Outcome {
  return make(id, rows[id], situation, at, particulars);
}

const ruledStatuses: ReadonlySet<number> = new Set<RuledSipStatus>([
  403, 404, 408, 480, 484, 486, 487, 500, 503, 603,
]);

/** The same of a user's client, which speaks SIP and is no telephone. */
export function clientFinal(sip: SipReason, at: Instant): Outcome {
  const detail = `${sip.code} ${sip.message}`;
  switch (sip.code) {
    case 486:
      return outcome('user-busy@inviting', at, { detail });
    case 487:
      return outcome('caller-gave-up@inviting', at, { detail });
    case 600:
    case 603:
      return outcome('user-declined@inviting', at, { detail });
    default:
      return outcome('user-unreachable@inviting', at, { detail });
  }
}

/** The far end's final response to our INVITE: a documented row, or its family's. */
export function sipFinal(sip: SipReason, at: Instant, q850?: SipReason): Outcome {
  const particulars = q850 ? { sip, q850 } : { sip };
  if (ruledStatuses.has(sip.code))
    return outcome(`sip-${sip.code as RuledSipStatus}@inviting`, at, particulars);
  const family = familyRow('560', sip.code);
  return make(family.id, family.row, `sip-${sip.code}@inviting`, at, particulars);
}
