/** Plays a scenario on real sockets and compares what its observer was told with the documented row. */
import type { Explanation } from '../src/app/explain/timeline.ts';
import { type LiveRow, rowById } from '../src/codes/catalogue.ts';
import type { RingbackOptions } from '../src/testing.ts';
import { scenarios } from './index.ts';
import type { Observation, Scenario, Stage } from './scenario.ts';
import type { ServerAddress } from './stage/client.ts';
import { openStage, type Theatre } from './stage/stage.ts';
import { ownTheatre } from './stage/theatre.ts';
import { openWeb, type Web } from './stage/web.ts';

export interface Reproduction {
  readonly row: LiveRow;
  readonly story: string;
  readonly observer: Scenario['observer'];
  readonly observed: Observation;
  /** What the documented row says, as this observer's wire writes it. */
  readonly expected: { readonly code: number; readonly subCode?: number };
  readonly matches: boolean;
  readonly tookMs: number;
  /** Of the call, where the row is one of a call and the server is still there to tell. */
  readonly explanation?: Explanation;
}

/** A running server to play on. */
export interface RunningServer {
  readonly address: ServerAddress;
  /** Access key, base64. */
  readonly key: string;
  readonly clock: 'real' | 'manual';
  readonly rtpPorts: readonly [number, number];
}

export class CannotReproduce extends Error {
  override readonly name = 'CannotReproduce';
}

/** Row ids and printed ids are both accepted. */
function scenarioOf(id: string): Scenario {
  const row = rowById(id);
  if (!row) throw new CannotReproduce(`${id} is no documented row; \`ringback codes\` lists them.`);
  const found: Scenario | undefined = scenarios[row.id as LiveRow];
  if (found) return found;
  throw new CannotReproduce(`${row.id} cannot be brought about yet: it waits for ${row.why}.`);
}

/** Events write code 0 as 200 and a missing subcode as 0 (`call-automation.md` §9); logs write a missing one as 0. */
function expectedOf({ row, observer }: Scenario): Reproduction['expected'] {
  const { code, subCode } = rowById(row) as { code: number; subCode?: number };
  if (observer === 'event') return { code: code === 0 ? 200 : code, subCode: subCode ?? 0 };
  return { code, ...(subCode === undefined ? {} : { subCode }) };
}

async function play(scenario: Scenario, theatre: Theatre, web: Web): Promise<Reproduction> {
  const started = performance.now();
  const stage = await openStage(theatre, web);
  try {
    const observed = await scenario.play(stage);
    const expected = expectedOf(scenario);
    const matches = observed.code === expected.code && observed.subCode === expected.subCode;
    const { row, story, observer } = scenario;
    const tookMs = Math.round(performance.now() - started);
    const explanation =
      observed.callId === undefined ? undefined : await explanationOf(stage, observed.callId);
    return {
      row,
      story,
      observer,
      observed,
      expected,
      matches,
      tookMs,
      ...(explanation ? { explanation } : {}),
    };
  } finally {
    await stage.close();
  }
}

/** With its deliveries tried, if they are within a second. Undefined where the server is gone: some scenarios stop it. */
async function explanationOf(stage: Stage, callId: string): Promise<Explanation | undefined> {
  const path = `/ringback/v1/calls/${callId}/explanation`;
  const end = performance.now() + 1000;
  for (;;) {
    const reply = await stage.admin({ method: 'GET', path }).catch(() => undefined);
    if (reply?.status !== 200) return undefined;
    const explanation = reply.body as Explanation;
    const owed = explanation.timeline.entries.some(({ text }) => text.endsWith('not tried yet'));
    if (!owed || performance.now() > end) return explanation;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** On a server made for it, with a manual clock, over real sockets. */
export async function reproduce(id: string, internals?: RingbackOptions['internals']): Promise<Reproduction> {
  const scenario = scenarioOf(id);
  await using web = await openWeb();
  const theatre = await ownTheatre(scenario, web, internals);
  try {
    return await play(scenario, theatre, web);
  } finally {
    await theatre.close();
  }
}

/** On a running server, which must not be harmed: rows that need more than a peer can do are refused. */
export async function reproduceOn(id: string, server: RunningServer): Promise<Reproduction> {
  const scenario = scenarioOf(id);
  const needs = (scenario.needs ?? []).filter((need) => need !== 'clock' || server.clock === 'real');
  if (needs.length > 0) {
    throw new CannotReproduce(
      `${scenario.row} needs ${needs.join(' and ')} that a running server does not give away; leave --server out to use a throw-away one.`,
    );
  }
  await using web = await openWeb();
  return await play(scenario, { ...server, address: () => server.address }, web);
}

export const rowsWithScenario = Object.keys(scenarios) as readonly LiveRow[];
