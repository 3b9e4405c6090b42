/** What caused what between journal, wire and webhooks: decides the order of moments that share an instant. */
import type { Fact } from '../../domain/call/facts.ts';
import type { OwedEvent } from './delivery-lines.ts';
import type { Moment } from './moments.ts';
import type { SipHead, SipTrace } from './sip-lines.ts';

export interface FactMoment {
  readonly fact: Fact;
  readonly moment: Moment;
}

export interface SipMoment {
  readonly trace: SipTrace;
  readonly head: SipHead;
  readonly moment: Moment;
}

const link = (
  effect: SipMoment | FactMoment | undefined,
  cause: SipMoment | FactMoment | undefined,
): void => {
  if (effect && cause) effect.moment.after.add(cause.moment);
};

const isRequest =
  (direction: 'in' | 'out', ...methods: readonly string[]) =>
  (sip: SipMoment): boolean =>
    sip.trace.direction === direction && sip.head.status === undefined && methods.includes(sip.head.method);

const isAnswer =
  (direction: 'in' | 'out', from: number, to: number) =>
  (sip: SipMoment): boolean => {
    const { status, method } = sip.head;
    return (
      sip.trace.direction === direction &&
      method === 'INVITE' &&
      status !== undefined &&
      status >= from &&
      status <= to
    );
  };

/** The stack's own reply to what ended a leg goes out before the call hears of it. */
function withReply(sip: readonly SipMoment[], cause: SipMoment | undefined): SipMoment | undefined {
  const reply = cause && sip[sip.indexOf(cause) + 1];
  const isReply =
    reply?.trace.direction === 'out' && (reply.head.method === 'ACK' || reply.head.status !== undefined);
  return isReply ? reply : cause;
}

/** Each trunk that is tried gets an INVITE of its own; one that is repeated with credentials keeps its Call-ID. */
function attemptsOf(sip: readonly SipMoment[]): readonly (readonly SipMoment[])[] {
  const callId = ({ trace }: SipMoment): string =>
    /^(?:Call-ID|i)[ \t]*:[ \t]*(\S+)/im.exec(trace.message)?.[1] ?? '';
  return [...Map.groupBy(sip, callId).values()];
}

const fromFarEnd = (s: SipMoment): boolean =>
  !s.trace.repeated && (isRequest('in', 'BYE', 'CANCEL')(s) || isAnswer('in', 300, 699)(s));

/** What the far end ended it with, or the INVITE that found nobody. */
function lastWord(sip: readonly SipMoment[]): SipMoment | undefined {
  return withReply(sip, sip.findLast(fromFarEnd)) ?? sip.findLast(isRequest('out', 'INVITE'));
}

const aboutLeg = (fact: Fact, legId: string): boolean =>
  ('legId' in fact && fact.legId === legId) || (fact.fact === 'leg-opened' && fact.leg.id === legId);

/** Between the facts of a call and the messages of one of its legs. */
export function linkLeg(legId: string, facts: readonly FactMoment[], sip: readonly SipMoment[]): void {
  const own = facts.filter(({ fact }) => aboutLeg(fact, legId));
  const first = (kind: Fact['fact']): FactMoment | undefined => own.find(({ fact }) => fact.fact === kind);
  const opened = first('leg-opened');
  const leg = opened?.fact.fact === 'leg-opened' ? opened.fact.leg : undefined;
  const outbound = leg?.direction === 'outbound';
  const allocated = first('leg-allocated');
  const answered = first('leg-answered');
  const ended = own.find(({ fact }) => fact.fact === 'leg-ended');
  const given = own.filter(({ fact }) => fact.fact === 'leg-rerouted');
  const attempts = attemptsOf(sip);
  // A trunk that could not even be looked up leaves no message: then nothing tells which are whose.
  const apart = attempts.length === given.length + 1;

  if (apart)
    for (const [index, rerouted] of given.entries()) {
      link(rerouted, lastWord(attempts[index] ?? []));
      link(attempts[index + 1]?.[0], rerouted);
    }
  // What was said of a leg before it came here belongs to the call that it came from.
  if (leg?.movedFrom === undefined && outbound) {
    link(sip.find(isRequest('out', 'INVITE')), allocated ?? opened);
    link(first('leg-ringing'), sip.find(isAnswer('in', 101, 199)));
    const ok = sip.find(isAnswer('in', 200, 299));
    const ack = ok && sip.slice(sip.indexOf(ok)).find(isRequest('out', 'ACK'));
    link(answered, ack ?? ok);
  } else if (leg?.movedFrom === undefined) {
    link(facts[0], sip.find(isRequest('in', 'INVITE')));
    link(
      sip.find(isAnswer('out', 101, 199)),
      facts.find(({ fact }) => fact.fact === 'offer-opened'),
    );
    link(sip.find(isAnswer('out', 200, 299)), allocated ?? first('leg-accepting'));
    link(answered, sip.find(isRequest('in', 'ACK')));
  }
  if (ended?.fact.fact !== 'leg-ended') return;
  switch (ended.fact.farewell) {
    case 'none':
      link(ended, lastWord((apart ? attempts.at(-1) : undefined) ?? sip));
      return;
    case 'cancel':
      link(sip.find(isRequest('out', 'CANCEL')), ended);
      return;
    case 'hang-up':
      link(sip.find(isRequest('out', 'BYE')), ended);
      return;
    case 'refuse':
      link(sip.find(isAnswer('out', 300, 699)), ended);
  }
}

const endings: readonly Fact['fact'][] = ['leg-ended', 'offer-closed', 'connection-ended'];

/** A hang-up ends legs and offers before the connection, all in one turn. */
function hangUp(facts: readonly FactMoment[]): readonly FactMoment[] {
  const told = facts.findIndex(
    ({ fact }) =>
      fact.fact === 'connection-ended' && fact.outcome.situation.startsWith('application-hung-up@'),
  );
  let first = told;
  while (first > 0 && endings.includes(facts[first - 1]!.fact.fact)) first -= 1;
  return told < 0 ? [] : facts.slice(first, told + 1);
}

/** The facts that follow from an accepted request of an application, as far as they must not stand before it. */
export function followsFrom(
  method: string,
  path: string,
  facts: readonly FactMoment[],
): readonly FactMoment[] {
  const [bare = ''] = path.split('?');
  const first = (kind: Fact['fact']): readonly FactMoment[] =>
    facts.filter(({ fact }) => fact.fact === kind).slice(0, 1);
  if (method === 'POST' && /\/callConnections\/?$/i.test(bare)) return first('call-started');
  if (/:answer$/i.test(bare)) return first('offer-taken');
  if (/:reject$/i.test(bare)) return first('offer-closed');
  if (/:redirect$/i.test(bare)) return first('offer-passed-on');
  if (/:transferToParticipant$/i.test(bare)) return first('transfer-begun');
  return method === 'DELETE' || /:terminate$/i.test(bare) ? hangUp(facts) : [];
}

const owedBy: Readonly<Record<string, readonly Fact['fact'][]>> = {
  CallConnected: ['connection-connected'],
  CallDisconnected: ['connection-ended'],
  CreateCallFailed: ['connection-ended'],
  AnswerFailed: ['connection-ended'],
  ParticipantsUpdated: ['participants-changed'],
  AddParticipantFailed: ['target-failed'],
  CallTransferAccepted: ['transfer-accepted'],
  CallTransferFailed: ['transfer-failed'],
  IncomingCall: ['offer-opened'],
  CallStarted: ['connection-connected'],
  CallParticipantAdded: ['connection-connected'],
  CallParticipantRemoved: ['connection-ended'],
  CallEnded: ['call-ended'],
};

/** Between a fact and the event that is owed for it. */
export function linkOwed(event: OwedEvent, owed: Moment, facts: readonly FactMoment[]): void {
  const kinds = owedBy[event.type] ?? [];
  const causes = facts.filter(({ fact, moment }) => {
    if (moment.at !== owed.at || !kinds.includes(fact.fact)) return false;
    if (fact.fact === 'participants-changed' && fact.sequence !== event.sequence) return false;
    return (
      !('connectionId' in fact) ||
      event.connectionId === undefined ||
      fact.connectionId === event.connectionId
    );
  });
  for (const { moment } of causes) owed.after.add(moment);
}
