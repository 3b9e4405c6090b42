import type { Fact } from '../../domain/call/facts.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { type FactMoment, followsFrom, linkLeg, linkOwed, type SipMoment } from './causes.ts';
import { attemptsInOrder, readDelivery } from './delivery-lines.ts';
import { factLine, type Memory } from './fact-lines.ts';
import { inCausalOrder, type Line, type Moment, moment } from './moments.ts';
import { type Names, namesOf } from './names.ts';
import { readHead, type SipTrace, sipLine } from './sip-lines.ts';
import { type CallSources, factsOf, isFact, wasHere } from './sources.ts';
import type { Timeline, TimelineEntry } from './timeline.ts';

type HttpTrace = Extract<CallSources['traces'][number], { kind: 'http' }>;

/** One leg's messages, in the order the stack saw them. */
function sipMoments(traces: readonly SipTrace[], names: Names): readonly SipMoment[] {
  const unanswered = traces.every(({ direction }) => direction === 'out');
  let before: number | undefined;
  return traces.map((trace) => {
    const line = sipLine(trace, { names, before, unanswered });
    before = trace.at;
    return { trace, head: readHead(trace.message), moment: moment(trace.at, line) };
  });
}

function requestLine({ method, path, status, requestId }: HttpTrace, names: Names): Line {
  return {
    kind: 'request',
    from: names.application(names.connectionOf(path)?.id),
    to: 'ringback',
    text: `${method} ${path} (${status})`,
    detail: { method, path, status, requestId, failed: status >= 400 },
  };
}

/** A request is traced when it is answered; it came before what follows from it. */
function requestMoment(trace: HttpTrace, facts: readonly FactMoment[], names: Names): Moment {
  const caused = trace.status < 300 ? followsFrom(trace.method, trace.path, facts) : [];
  const request = moment(Math.min(trace.at, ...caused.map(({ fact }) => fact.at)), requestLine(trace, names));
  for (const fact of caused) fact.moment.after.add(request);
  return request;
}

function legStreams(
  traces: CallSources['traces'],
  facts: readonly FactMoment[],
  names: Names,
): readonly Moment[][] {
  const told = facts.map(({ fact }) => fact);
  const sip = traces
    .filter((trace) => trace.kind === 'sip')
    .filter(({ legId, at }) => wasHere(told, legId, at));
  const legIds = [...new Set(sip.map(({ legId }) => legId))];
  return legIds.map((legId) => {
    const moments = sipMoments(
      sip.filter((trace) => trace.legId === legId),
      names,
    );
    linkLeg(legId, facts, moments);
    return moments.map((s) => s.moment);
  });
}

/** One stream of what is owed and one of attempts per receiver: receivers do not wait for each other. */
function deliveryStreams(
  sources: CallSources,
  facts: readonly FactMoment[],
  names: Names,
): { owed: Moment[]; attempts: Moment[][] } {
  const read = sources.deliveries.map((delivery) => readDelivery(delivery, names));
  read.sort(
    (a, b) => a.delivery.entry.at - b.delivery.entry.at || a.delivery.entry.order - b.delivery.entry.order,
  );
  const owed = new Map(
    read.map((one) => {
      const owing = moment(one.delivery.entry.at, one.owed);
      linkOwed(one.event, owing, facts);
      return [one, owing] as const;
    }),
  );
  const streams = [...new Set(read.map(({ delivery }) => delivery.entry.stream))];
  const attempts = streams.map((stream) =>
    attemptsInOrder(read.filter(({ delivery }) => delivery.entry.stream === stream)).map(
      ({ at, line, good, of }) => {
        const attempted = moment(at, line);
        const owing = owed.get(of);
        if (owing) attempted.after.add(owing);
        if (good && of.event.type === 'IncomingCall') {
          facts.find(({ fact }) => fact.fact === 'offer-delivered')?.moment.after.add(attempted);
        }
        return attempted;
      },
    ),
  );
  return { owed: [...owed.values()], attempts };
}

function factMoments(facts: readonly Fact[], names: Names): readonly FactMoment[] {
  const memory: Memory = { names, startedAt: facts[0]?.at ?? 0, watches: new Map() };
  return facts.map((fact) => ({ fact, moment: moment(fact.at, factLine(fact, memory)) }));
}

const iso = (at: Instant): string => new Date(at).toISOString();

/** Everything known of one call on one time axis; undefined when there is no journal. */
export function buildTimeline(sources: CallSources): Timeline | undefined {
  const facts = factsOf(sources.journal);
  const started = facts.find(isFact('call-started'));
  if (!started) return undefined;
  const names = namesOf(facts);
  const told = factMoments(facts, names);
  const legs = legStreams(sources.traces, told, names);
  const requests = sources.traces
    .filter((trace) => trace.kind === 'http')
    .map((trace) => requestMoment(trace, told, names));
  const { owed, attempts } = deliveryStreams(sources, told, names);
  const order = inCausalOrder([owed, told.map((fact) => fact.moment), ...legs, ...attempts, requests]);
  const entries: TimelineEntry[] = order.flatMap(({ at, line }) =>
    line ? [{ at: iso(at), offsetMs: at - started.at, ...line }] : [],
  );
  const ended = facts.find(isFact('call-ended'));
  return {
    callId: started.header.callId,
    connectionIds: facts.filter(isFact('connection-opened')).map(({ connection }) => connection.id),
    correlationId: started.header.correlationId,
    startedAt: iso(started.at),
    ...(ended ? { endedAt: iso(ended.at) } : {}),
    entries,
  };
}
