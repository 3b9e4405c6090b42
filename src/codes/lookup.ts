/** Finding rows by what people have in hand: a pair, a number, an id, a line of a log. */

import { type ListedRow, listedRows, rowById } from './catalogue.ts';
import { type FamilyMember, type FamilyPrefix, familyOf, familyRow } from './families.ts';
import type { Surface } from './row.ts';

export type Lookup =
  | {
      readonly kind: 'rows';
      readonly query: string;
      /** The answer, best first. */
      readonly rows: readonly ListedRow[];
      /** Rows the query may mean too: with the same code and a subcode, or the same subcode elsewhere. */
      readonly others: readonly ListedRow[];
      /** Why these rows, where the query does not say it itself. */
      readonly note?: string;
    }
  | {
      readonly kind: 'family';
      readonly query: string;
      readonly prefix: FamilyPrefix;
      /** Absent when the query names the whole family. */
      readonly member?: FamilyMember;
      readonly note?: string;
    }
  | {
      readonly kind: 'unknown';
      readonly query: string;
      /** What kind of code it seems to be. */
      readonly looksLike?: string;
      readonly near: readonly ListedRow[];
    };

/**
 * What `ringback explain` answers for a code.
 * `486/560486`, `560486`, `8522`, `60486`, `-/8522`, `480`, `call/480/10037`, `pstn:486/60486`, and as found in
 * messages: `DiagCode: 0#7000.@`, `4006: ...`.
 */
export function lookUp(query: string): Lookup {
  const text = query.trim();
  const named = rowById(text.toLowerCase());
  if (named) return found(query, [named], noteOnPrinted(named, text));

  const family = /^(?:call\/)?(560|540)xxx$/i.exec(text);
  if (family) return { kind: 'family', query, prefix: family[1] as FamilyPrefix };

  const asked = read(text);
  if (!asked) return { kind: 'unknown', query, near: [] };
  const pool = asked.surface ? listedRows.filter((row) => row.surface === asked.surface) : listedRows;
  if (asked.code === undefined) return bySubCode(query, asked.subCode, pool);
  if (asked.subCode === undefined) return byNumber(query, asked.code, pool);
  return byPair(query, asked.code, asked.subCode, pool);
}

/** What the query asks for; a lone number stands in `code` and may turn out to be a subcode. */
type Asked =
  | { readonly surface?: Surface; readonly code: number; readonly subCode?: number }
  | { readonly surface?: Surface; readonly code?: undefined; readonly subCode: number };

function read(text: string): Asked | undefined {
  const diagnostic = /\b(\d{1,3})#(\d{1,6})\b/.exec(text);
  if (diagnostic) return { code: Number(diagnostic[1]), subCode: Number(diagnostic[2]) };
  const detail = /^(\d{4}):/.exec(text);
  if (detail) return { code: Number(detail[1]) };
  const match = /^(?:(client|call|automation|chat|sms)[/ :])?"?(\d{1,6}|-)(?:\s*\/\s*(\d{1,6}|-))?"?$/i.exec(
    text,
  );
  if (!match) return undefined;
  const [, prefix, first, second] = match;
  const surface = prefix === undefined ? {} : { surface: prefix.toLowerCase() as Surface };
  if (first === '-') {
    return second === undefined || second === '-' ? undefined : { ...surface, subCode: Number(second) };
  }
  const code = Number(first);
  if (second === undefined) return { ...surface, code };
  // `480/-` is the code without a subcode, which no lone number can say.
  return { ...surface, code, subCode: second === '-' ? noSubCode : Number(second) };
}

/** Stands for the `-` in `480/-`. */
const noSubCode = -1;

function byPair(query: string, code: number, subCode: number, pool: readonly ListedRow[]): Lookup {
  const rows = pool.filter((row) => row.code === code && row.subCode === subCode);
  if (rows.length > 0) return found(query, rows);

  const printed = pool.filter((row) => row.printed.some((line) => line.endsWith(`:${code}/${subCode}`)));
  if (printed[0]) return found(query, printed, noteOnPrinted(printed[0], `${code}/${subCode}`));

  const plain = pool.filter((row) => row.code === code && row.subCode === undefined);
  if (subCode === noSubCode) return plain.length > 0 ? found(query, plain) : byNumber(query, code, pool);
  if (subCode === 0 && plain.length > 0) {
    return found(
      query,
      plain,
      'A row without a subcode is written with 0 where the wire demands an integer.',
    );
  }
  const ended = code === 200 ? pool.filter((row) => row.code === 0 && row.subCode === subCode) : [];
  if (ended.length > 0)
    return found(query, ended, 'Call Automation events write the code 0 of a call as 200.');

  const family = inFamily(query, subCode, code);
  if (family) return family;
  const elsewhere = pool.filter((row) => row.subCode === subCode);
  if (elsewhere.length > 0) {
    return found(
      query,
      elsewhere,
      `Subcode ${subCode} is not known with code ${code}; this is where it belongs.`,
    );
  }
  return unknown(query, subCode, code, pool);
}

/** `-/8522`, as the generic list of subcodes prints it. */
function bySubCode(query: string, subCode: number, pool: readonly ListedRow[]): Lookup {
  const rows = pool.filter((row) => row.subCode === subCode);
  const generic = rows.filter((row) => row.printed.some((line) => line.endsWith(`:-/${subCode}`)));
  if (generic.length > 0) {
    return { kind: 'rows', query, rows: generic, others: rows.filter((row) => !generic.includes(row)) };
  }
  return rows.length > 0
    ? found(query, rows)
    : (inFamily(query, subCode) ?? unknown(query, subCode, undefined, pool));
}

function byNumber(query: string, number: number, pool: readonly ListedRow[]): Lookup {
  const plain = pool.filter((row) => row.code === number && row.subCode === undefined);
  const asSubCode = pool.filter((row) => row.subCode === number);
  const withSubCode = pool.filter(
    (row) => row.code === number && row.subCode !== undefined && row.subCode !== number,
  );
  const best = [...plain, ...asSubCode];
  if (best.length > 0) return { kind: 'rows', query, rows: best, others: withSubCode };
  if (withSubCode.length > 0) {
    return found(query, withSubCode, `There is no row for ${number} alone; these have it as their code.`);
  }
  const misprinted = pool.filter((row) => row.printed.some((line) => line.endsWith(`/${number}`)));
  if (misprinted[0]) return found(query, misprinted, noteOnPrinted(misprinted[0], String(number)));
  return inFamily(query, number) ?? unknown(query, number, undefined, pool);
}

function inFamily(query: string, subCode: number, code?: number): Lookup | undefined {
  const family = familyOf(subCode);
  if (!family) return undefined;
  const member = familyRow(family.prefix, family.sipStatus);
  const note =
    code === undefined || code === member.row.code
      ? {}
      : { note: `Subcode ${subCode} goes with code ${member.row.code}, not ${code}.` };
  const listed = member.listed ? rowById(member.id) : undefined;
  return listed
    ? { kind: 'rows', query, rows: [listed], others: [], ...note }
    : { kind: 'family', query, prefix: family.prefix, member, ...note };
}

function found(query: string, rows: readonly ListedRow[], note?: string): Lookup {
  return { kind: 'rows', query, rows, others: [], ...(note === undefined ? {} : { note }) };
}

/** Says so when the line that was asked for prints something else than what is served. */
function noteOnPrinted(row: ListedRow, asked: string): string | undefined {
  const line = row.printed.find(
    (printed) => printed === asked || printed.endsWith(`:${asked}`) || printed.endsWith(`/${asked}`),
  );
  const pair = line?.slice(line.indexOf(':') + 1).replace(/\/-$/, '');
  const served = row.subCode === undefined ? `${row.code}` : `${row.code}/${row.subCode}`;
  return pair === undefined || pair === served || pair.startsWith('-')
    ? undefined
    : `Printed as ${pair}; served as ${served}.`;
}

/** The families of numbers, for codes nobody lists. Outbound 560 and inbound 540 have rules of their own. */
function kindOf(number: number, code: number | undefined): string | undefined {
  const text = String(number);
  if (text.length === 6) {
    const kind = sixDigits[text.slice(0, 3)];
    if (kind) return kind;
  }
  if (number >= 40_000 && number <= 43_999) return 'a client error of the Calling SDK (40xxx to 43xxx)';
  if (number >= 7500 && number <= 7699)
    return 'an identity or permission subcode of Call Automation (75xx, 76xx)';
  if (number >= 8500 && number <= 8699) return 'a call or media subcode of Call Automation (85xx, 86xx)';
  if (number >= 9000 && number <= 9999) return 'a fault behind Call Automation (9xxx)';
  if (number >= 10_000 && number <= 10_999)
    return 'a reason of call signalling (10xxx): who was rung, and with what result';
  if (code === undefined && number >= 2000 && number <= 5999) {
    return 'a delivery detail of SMS (2000, 4xxx, 5xxx) or a call subcode of conversations (4xxx, 5xxx)';
  }
  if (number >= 4000 && number <= 5999)
    return 'a subcode of conversations: joining, leaving, rooms (4xxx, 5xxx)';
  if (number >= 3000 && number <= 3999) return "a failure of the client's own media (3xxx)";
  if (number >= 100 && number <= 699) return 'a status code of HTTP or SIP';
  return undefined;
}

const sixDigits: Readonly<Record<string, string>> = {
  '560': 'an outbound phone call (560 and a SIP response, which this is not)',
  '540': 'an inbound phone call (540 and a SIP response, which this is not)',
  '510': 'a refusal by the numbering policy for phone calls (510xxx)',
  '511': 'a number, resource or trunk that was not found (511xxx)',
  '531': 'a failure of media on the phone leg (531xxx)',
  '500': 'a timer of the gateway to the phone network (500xxx)',
  '301': 'a loss of media at the media servers (301xxx)',
};

function unknown(
  query: string,
  number: number,
  code: number | undefined,
  pool: readonly ListedRow[],
): Lookup {
  const looksLike = kindOf(number, code);
  return {
    kind: 'unknown',
    query,
    ...(looksLike === undefined ? {} : { looksLike }),
    near: nearest(number, code, pool),
  };
}

/** The five rows closest to a number: slips of a digit before neighbours. */
function nearest(number: number, code: number | undefined, pool: readonly ListedRow[]): readonly ListedRow[] {
  const digits = String(number);
  return pool
    .map((row) => {
      const own = row.subCode ?? row.code;
      const slips = distance(digits, String(own));
      // A digit lost or doubled is likely only in long numbers.
      const sameLength = String(own).length === digits.length || (slips === 1 && own >= 10_000);
      return { row, slips, sameLength, gap: Math.abs(own - number), otherCode: row.code === code ? 0 : 1 };
    })
    .filter(
      ({ slips, gap, sameLength }) =>
        sameLength && (slips <= 1 || gap <= 20 || (slips === 2 && number > 9999)),
    )
    .sort((a, b) => a.slips - b.slips || a.otherCode - b.otherCode || a.gap - b.gap)
    .slice(0, 5)
    .map(({ row }) => row);
}

/** Edits between two short strings: insert, delete, replace. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
