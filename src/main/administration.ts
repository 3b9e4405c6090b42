/** The admin API's view of the server: reads the store, asks the parts. */
import type { CallService } from '../app/desks/call-service.ts';
import type { IdentityCommands } from '../app/desks/identity-desk.ts';
import { buildTimeline } from '../app/explain/build-timeline.ts';
import { explain } from '../app/explain/explain.ts';
import { withoutCredentials } from '../app/explain/sip-lines.ts';
import { type CallSources, factsOf, traceSubjects } from '../app/explain/sources.ts';
import type { Administration, Advanced, ListedCall, TrunkStatus } from '../app/ports/administration.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { OperationRecord } from '../app/ports/records.ts';
import type { CallIndex, Store } from '../app/ports/store.ts';
import type { Trace } from '../app/ports/trace.ts';
import { rowById } from '../codes/catalogue.ts';
import type { Config } from '../config/config.ts';
import type { Call } from '../domain/call/call.ts';
import { effects } from '../domain/call/effects.ts';
import type { ParticipantRecord } from '../domain/call/events.ts';
import { evolve } from '../domain/call/evolve.ts';
import { type Subscriptions, subscriptionsCollection } from '../edge/callbacks/subscriptions.ts';
import { ManualClock } from '../edge/clock/manual-clock.ts';
import { callAutomationOperation, callSummary } from '../wire/calllogs/call-summary.ts';
import { type CapturedMessage, writeCapture } from '../wire/pcap/capture.ts';
import type { Faults } from './faults.ts';
import type { Telephony } from './telephony.ts';

/** Keys and subscriptions outlive `reset`: it wipes what happened, not what is set up. */
const keptByReset = ['keys', subscriptionsCollection];

export interface AdministrationParts {
  /** As it stands: numbers and trunks may change. */
  readonly current: () => Config;
  readonly reload: Administration['reload'];
  readonly store: Store;
  readonly calls: CallService;
  readonly subscriptions: Subscriptions;
  readonly identities: IdentityCommands;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly numbers: Administration['numbers'];
  readonly trunks: () => readonly TrunkStatus[];
  readonly carriers: Administration['carriers'];
  readonly messages: Administration['messages'];
  readonly dial: Administration['dial'];
  readonly text: Administration['text'];
  readonly endpoints: Telephony['clients'];
  /** Empties what is kept in memory only. */
  readonly forget: () => void;
}

/** Where the operations of a call are kept among the traces: beside those that make its timeline. */
export const operationsOf = (callId: string): string => `operations of ${callId}`;

const iso = (at: number): string => new Date(at).toISOString();

function listed(index: CallIndex, connectionIds: readonly string[]): ListedCall {
  const row = index.row === undefined ? undefined : rowById(index.row);
  return {
    callId: index.callId,
    connectionIds,
    startedAt: iso(index.startedAt),
    from: index.from,
    to: index.to,
    ...(index.endedAt === undefined ? {} : { endedAt: iso(index.endedAt) }),
    ...(index.row === undefined ? {} : { row: index.row }),
    ...(row ? { name: row.name } : {}),
  };
}

/** What the call log has of a call, read from its journal. */
function participantRecords(sources: CallSources): readonly ParticipantRecord[] {
  const records: ParticipantRecord[] = [];
  let call: Call | undefined;
  for (const fact of factsOf(sources.journal)) {
    const before = call;
    call = evolve(before, fact);
    for (const effect of effects(fact, call, before))
      if (effect.effect === 'record') records.push(effect.record);
  }
  return records;
}

const utf8 = new TextEncoder();

/** An auth-param (RFC 3261 25.1): a reader of captures stumbles over less. */
const hiddenCredentials = 'credentials="(hidden)"';

/** As it was on the wire, but for its secrets. */
function captured(trace: Trace): readonly CapturedMessage[] {
  if (trace.kind !== 'sip') return [];
  const { at, transport, local, remote, direction, message } = trace;
  const [from, to] = direction === 'out' ? [local, remote] : [remote, local];
  return [{ at, transport, from, to, payload: utf8.encode(withoutCredentials(message, hiddenCredentials)) }];
}

export function administration(parts: AdministrationParts): Administration {
  const { store, calls, subscriptions, clock, faults } = parts;

  const sourcesOf = (id: string): CallSources | undefined => {
    const index = store.find(id);
    if (!index) return undefined;
    const journal = store.journal(index.callId);
    const traces = store.traces(traceSubjects(journal)).map(({ trace }) => trace as unknown as Trace);
    return { journal, traces, deliveries: store.deliveries({ callId: index.callId, limit: 1000 }) };
  };

  const connectionIds = (index: CallIndex): readonly string[] =>
    factsOf(store.journal(index.callId)).flatMap((fact) =>
      fact.fact === 'connection-opened' ? [fact.connection.id] : [],
    );

  return {
    calls: (limit) => store.calls({ limit }).map((index) => listed(index, connectionIds(index))),
    timeline: (id) => {
      const sources = sourcesOf(id);
      return sources && buildTimeline(sources);
    },
    explain: (id) => {
      const sources = sourcesOf(id);
      return sources && explain(sources);
    },
    summary: (id) => {
      const index = store.find(id);
      const sources = sourcesOf(id);
      if (!index || !sources) return undefined;
      const operations = store
        .traces([operationsOf(index.callId)])
        .map(({ trace }) => trace as unknown as OperationRecord);
      return [
        ...operations.map(callAutomationOperation),
        ...participantRecords(sources).map((record) => callSummary(record, { resourceId: index.resourceId })),
      ];
    },
    capture: (id) => {
      const sources = sourcesOf(id);
      return sources && writeCapture(sources.traces.flatMap(captured));
    },
    messages: parts.messages,
    subscriptions: () => subscriptions.subscriptions(),
    subscribe: (definition) => subscriptions.subscribe(definition),
    unsubscribe: (name) => subscriptions.unsubscribe(name),
    validate: (name) => subscriptions.validate(name),
    validateManually: (query) => subscriptions.validateManually(query),
    deliveries: (filter) => store.deliveries(filter),
    numbers: parts.numbers,
    trunks: parts.trunks,
    carriers: parts.carriers,
    faults: () => faults.list(),
    breakPart: async (fault) => faults.break(fault),
    mend: async (fault) => faults.mend(fault),
    now: () => clock.now(),
    clockMode: () => parts.current().clock,
    async advance(ms): Promise<Advanced> {
      if (!(clock instanceof ManualClock))
        throw new Error('the clock is real: only --clock manual can be advanced');
      const { fired, busy } = await clock.advance(ms);
      return {
        now: iso(clock.now()),
        fired: fired.map(({ at, what }) => ({ at: iso(at), what })),
        ...(busy ? { busy } : {}),
      };
    },
    dial: parts.dial,
    text: parts.text,
    endpoints: () => parts.endpoints.registered().map(({ rawId: user, does }) => ({ user, does })),
    register: async ({ user, does }) => void (await parts.endpoints.register(user, does)),
    unregister: (user) => parts.endpoints.unregister(user),
    async token({ user, scopes, minutes }) {
      const { resources } = parts.current();
      const named = /^8:acs:([^_]+)_/.exec(user)?.[1];
      const resourceId = resources.find(({ id }, i) => (named === undefined ? i === 0 : id === named))?.id;
      if (resourceId === undefined) return { refused: `${user} belongs to no resource of this server` };
      const id = user.startsWith('8:') ? user : `8:acs:${resourceId}_${user}`;
      const until = clock.now() + minutes * 60_000;
      const issued = await parts.identities.exchange({ resourceId, id, scopes, until });
      return 'refused' in issued
        ? { refused: `${id} was deleted, or belongs to another resource; name another user` }
        : { user: id, token: issued.token, expiresOn: iso(issued.expiresAt) };
    },
    reload: parts.reload,
    async reset() {
      await calls.desk.stopping();
      await store.flush();
      await store.reset(keptByReset);
      calls.desk.calls.clear();
      parts.forget();
    },
  };
}
