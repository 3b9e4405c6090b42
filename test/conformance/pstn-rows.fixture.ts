/** The PSTN table, line by line, against foreign peers: which file plays which line, and who has to see how it ended. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explanation } from '../../src/app/explain/timeline.ts';
import { run } from '../../src/cli/run.ts';
import { type ListedRow, type RowId, rowById, type rows } from '../../src/codes/catalogue.ts';
import type { Ringback } from '../../src/testing.ts';
import { type Application, type EventOf, resultOf } from '../peers/application.ts';
import { loggedPhone } from '../peers/call-log.ts';

/** A line of the table as it is printed. */
export type PstnLine = Extract<(typeof rows)[RowId]['printed'][number], `pstn:${string}`>;

/** The file that plays it, `pstn-rows-THEME.test.ts`. A new line does not compile until it has one. */
const themes = {
  'pstn:0/0': 'hang-ups',
  'pstn:0/560000': 'hang-ups',
  'pstn:0/540000': 'hang-ups',
  'pstn:487/540487': 'hang-ups',
  'pstn:497/560487': 'hang-ups',
  'pstn:403/510403': 'plan',
  'pstn:403/511532': 'plan',
  'pstn:404/511404': 'plan',
  'pstn:403/560403': 'answers',
  'pstn:404/560404': 'answers',
  'pstn:408/560408': 'answers',
  'pstn:480/560480': 'answers',
  'pstn:484/560484': 'answers',
  'pstn:486/60486': 'answers',
  'pstn:500/560500': 'answers',
  'pstn:503/560503': 'answers',
  'pstn:603/560603': 'answers',
  'pstn:408/500001': 'silence',
  'pstn:410/531004': 'silence',
} as const satisfies Record<PstnLine, string>;

type Theme = (typeof themes)[PstnLine];
type LinesOf<T extends Theme> = { [L in PstnLine]: (typeof themes)[L] extends T ? L : never }[PstnLine];

export interface Case {
  readonly title: string;
  play(): Promise<void>;
}
type Some = readonly [Case, ...Case[]];

/** Cases of every line of the theme, and of others that fit in. */
export type Cases<T extends Theme> = Readonly<Record<LinesOf<T>, Some> & Partial<Record<PstnLine, Some>>>;

export function playAll(cases: Readonly<Partial<Record<PstnLine, Some>>>): void {
  for (const [line, some] of Object.entries(cases))
    for (const { title, play } of some) test(`${line}: ${title}`, () => play());
}

interface Words {
  readonly code: number;
  readonly message: string;
}

export interface End {
  readonly server: Ringback;
  /** Who had the call; undefined where no application had it. */
  readonly app?: Application;
  /** Of the call or of the application's connection to it. */
  readonly id: string;
  /** The line of the phone. */
  readonly line: PstnLine | RowId;
  /** Code and subcode of the phone in the call log. */
  readonly logged: readonly [number, number];
  readonly direction: 'inbound' | 'outbound';
  /** `cause@phase` of the phone. */
  readonly situation: string;
  /** What the application was told, and by which events; default: the same as the phone's, as a failed CreateCall. */
  readonly told?: readonly [number, number];
  readonly by?: readonly (typeof endings)[number][];
  /** The row of the call as `explain` names it, where it is not the phone's. */
  readonly row?: RowId;
  /** The answer of the far end and its Q.850 cause. */
  readonly sip?: Words;
  readonly q850?: Words;
}

const endings = ['CreateCallFailed', 'AnswerFailed', 'CallDisconnected'] as const;
const outboundFailure: readonly (typeof endings)[number][] = ['CreateCallFailed', 'CallDisconnected'];

/** Every observer that `reference/behaviours.md` names for the line says the same of the end. */
export async function assertEnd(end: End): Promise<void> {
  const row: ListedRow = rowById(end.line as RowId);
  if (end.app) await assertTold(end, end.app);
  const phone = await loggedPhone(end.server.server.ready, end.id, `PSTN ${end.direction}`);
  assert.deepEqual(
    {
      end: [Number(phone.participantEndReason), Number(phone.participantEndSubCode)],
      category: phone.resultCategory,
      row: phone.ringbackRow,
      situation: phone.ringbackSituation,
    },
    {
      end: end.logged,
      category: row.category ?? 'null',
      row: row.id,
      situation: end.situation,
    },
    'the call log',
  );
  await assertExplained(end, row);
}

async function assertTold({ id, told, logged, by = outboundFailure, sip, q850 }: End, app: Application) {
  const said: EventOf<(typeof endings)[number]>[] = [];
  for (const kind of by) said.push(await app.next(kind, id));
  for (const event of said) {
    assert.deepEqual(resultOf(event), told ?? logged, event.kind);
    const { sipDetails, q850Details } = event.resultInformation ?? {};
    assert.deepEqual({ sipDetails, q850Details }, { sipDetails: sip, q850Details: q850 }, event.kind);
  }
  const stream = app.stream(id).filter((kind) => endings.some((ending) => ending === kind));
  assert.deepEqual(stream, by);
}

async function explained({ server, id }: End, ...options: readonly string[]): Promise<string> {
  const said: string[] = [];
  const out = { line: (text: string) => said.push(text), note: (text: string) => said.push(text) };
  const key = server.connectionString.split(';').at(-1);
  const door = { data: undefined, connectionString: `endpoint=${server.httpEndpoint};${key}` };
  const code = await run(['explain', id, ...options], out, door);
  assert.equal(code, 0, said.join('\n'));
  return said.join('\n');
}

async function assertExplained(given: End, row: ListedRow): Promise<void> {
  const { end, participants, because } = JSON.parse(await explained(given, '--json')) as Explanation;
  const whole = given.row === undefined ? row : rowById(given.row);
  assert.deepEqual([end?.row, end?.name], [whole.id, whole.name], 'ringback explain');
  assert.deepEqual({ sip: end?.sip, q850: end?.q850 }, { sip: given.sip, q850: given.q850 });
  const phones = participants.filter(({ kind }) => kind === 'phone');
  assert.ok(
    phones.some((phone) => phone.row === row.id && phone.situation === given.situation),
    `no phone of ringback explain ends so: ${JSON.stringify(phones)}`,
  );
  assert.ok(because.length > 0, 'ringback explain tells what led there');
  const lines = (await explained(given)).split('\n');
  assert.ok(lines.includes(`Ended with ${whole.id}: ${whole.name}`), lines.join('\n'));
}
