/** What happened to a text: its journal, what was owed to subscriptions, and what its end means. */
import { reproduceCommand, rowById } from '../../codes/catalogue.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Fact } from '../../domain/sms/facts.ts';
import type { InboundFact } from '../../domain/sms/inbound.ts';
import type { MessageLine, TextStory } from '../ports/administration.ts';
import type { SmsFactRow, SmsIndex } from '../ports/sms-store.ts';
import type { Delivery } from '../ports/store.ts';
import { deliveryLines } from './message-story.ts';

export interface TextSources {
  readonly index: SmsIndex;
  readonly facts: readonly SmsFactRow[];
  readonly deliveries: readonly Delivery[];
}

type AnyFact = Fact | InboundFact;

const iso = (at: number): string => new Date(at).toISOString();

type Teller = { readonly [K in AnyFact['fact']]: (fact: Extract<AnyFact, { fact: K }>) => string };

const tellers: Teller = {
  'message-accepted': ({ message: { from, to, parts, alphabet, routes, report } }) => {
    const carriers = routes.map(({ carrier }) => carrier).join(', then ') || 'nobody';
    const wanted = report ? 'a delivery report is wanted' : 'no delivery report is wanted';
    return `accepted from ${from.address} to ${to}: ${parts} part(s) in ${alphabet}, for ${carriers}; ${wanted}`;
  },
  'segment-submitted': ({ segment, carrier }) => `part ${segment} submitted to carrier ${carrier}`,
  'segment-taken': ({ segment, carrier, carrierMessageId }) =>
    `part ${segment} taken by carrier ${carrier}, which calls it ${carrierMessageId}`,
  'segment-refused': ({ segment, detail, lasting }) =>
    `part ${segment} not taken: ${detail}${lasting ? '' : '; it may be tried again'}`,
  'retry-planned': ({ dueAt, tries }) => `to be tried again at ${iso(dueAt)}, after ${tries} tries`,
  'carrier-changed': ({ routes }) =>
    `now for carrier ${routes.map(({ carrier }) => carrier).join(', then ')}`,
  'message-resumed': ({ segments }) =>
    `the server ended before the carrier had answered for part ${segments.join(', ')}: submitted again, so that it may arrive twice`,
  'receipt-came': ({ segment, state, error, carrier, heed, detail }) => {
    const what = `receipt ${state ?? 'that cannot be read'}${error === undefined ? '' : ` err ${error}`}`;
    const how = { final: '', intermediate: ' (on its way)', ignored: ` (ignored: ${detail})` }[heed];
    return `${what} for part ${segment} from carrier ${carrier}${how}`;
  },
  'answer-ignored': ({ segment, detail }) => `an answer for part ${segment} came too late: ${detail}`,
  'message-ended': ({ outcome: { code, name, detail } }) =>
    `ended with ${code}, ${name}${detail === undefined ? '' : `: ${detail}`}`,
  'text-received': ({ text: { from, to, parts, of, carrier } }) => {
    const missing = parts === of ? '' : `; the others of its ${of} parts never came`;
    return `received from ${from} to ${to} over carrier ${carrier}, ${parts} part(s)${missing}`;
  },
  'opted-out': ({ by, sender }) => `${by} opted out of texts from ${sender}`,
  'opted-in': ({ by, sender }) => `${by} takes texts from ${sender} again`,
  'keyword-answered': ({ keyword, messageId }) => `${keyword.toUpperCase()} answered with text ${messageId}`,
};

function factText(fact: AnyFact): string {
  const tell = tellers[fact.fact] as (fact: AnyFact) => string;
  return tell(fact);
}

function endOf(outcome: Outcome): NonNullable<TextStory['end']> {
  const { row: id, code, name, situation, detail } = outcome;
  const row = rowById(id);
  if (!row) throw new Error(`a text ended with ${id}, which is no row`);
  return {
    row: id,
    code,
    name,
    situation,
    ...(detail === undefined ? {} : { detail }),
    meaning: row.meaning,
    advice: row.advice,
    reproduce: reproduceCommand(row) ?? '',
  };
}

const phases: Readonly<Partial<Record<AnyFact['fact'], string>>> = {
  'message-accepted': 'queued',
  'segment-submitted': 'submitting',
  'retry-planned': 'queued',
  'carrier-changed': 'queued',
  'message-resumed': 'queued',
  'message-ended': 'ended',
  'text-received': 'received',
};

export function textStory({ index, facts, deliveries }: TextSources): TextStory {
  // Journal rows are facts as `decide` made them, through JSON.
  const told = facts.map(({ at, fact }) => ({ at, fact: fact as unknown as AnyFact }));
  let state = 'unknown';
  let parts = 0;
  let taken = 0;
  let end: TextStory['end'];
  for (const { fact } of told) {
    state = phases[fact.fact] ?? state;
    if (fact.fact === 'message-accepted') parts = fact.message.parts;
    if (fact.fact === 'text-received') parts = fact.text.parts;
    if (fact.fact === 'segment-taken') taken += 1;
    if (state === 'submitting' && taken === parts) state = 'sent';
    if (fact.fact === 'message-ended') end = endOf(fact.outcome);
  }
  const lines = [
    ...told.map(({ at, fact }) => ({ at, kind: 'fact' as MessageLine['kind'], text: factText(fact) })),
    ...deliveries.flatMap(deliveryLines),
  ];
  const { messageId, resourceId, direction, from, to, at } = index;
  return {
    surface: 'sms',
    messageId,
    resourceId,
    direction,
    from,
    to,
    at: iso(at),
    parts,
    state,
    ...(end ? { end } : {}),
    // Stable: what happened in one millisecond stays in the order facts, deliveries.
    entries: lines.sort((a, b) => a.at - b.at).map((line) => ({ ...line, at: iso(line.at) })),
  };
}
