import type { Operation, OperationPhase } from '../media/operation.ts';
import type { RecordingState } from '../media/recording.ts';
import type { StreamKind, StreamSettings, StreamState } from '../media/stream.ts';
import type { Call, Connection, LegPhase, Offer, PhoneLeg, Transfer } from './call.ts';
import type { Fact, FactKind, FactOf } from './facts.ts';

const withLeg = (call: Call, id: string, change: (leg: PhoneLeg) => PhoneLeg): Call => {
  const leg = call.legs[id];
  return leg ? { ...call, legs: { ...call.legs, [id]: change(leg) } } : call;
};

const withLegPhase = (call: Call, id: string, change: (leg: PhoneLeg) => LegPhase): Call =>
  withLeg(call, id, (leg) => ({ ...leg, at: change(leg) }));

const withOffer = (call: Call, id: string, change: Partial<Offer>): Call => {
  const offer = call.offers[id];
  return offer ? { ...call, offers: { ...call.offers, [id]: { ...offer, ...change } } } : call;
};

const withConnection = (call: Call, id: string, change: Partial<Connection>): Call => {
  const connection = call.connections[id];
  return connection
    ? { ...call, connections: { ...call.connections, [id]: { ...connection, ...change } } }
    : call;
};

const withPhase = (call: Call, id: string, change: (operation: Operation) => OperationPhase): Call => ({
  ...call,
  operations: call.operations.map((each) => (each.id === id ? { ...each, at: change(each) } : each)),
});

const withRecording = (call: Call, id: string, state: RecordingState): Call =>
  call.recording?.id === id ? { ...call, recording: { ...call.recording, state } } : call;

const withoutRecording = (call: Call): Call => {
  const { recording: _over, ...rest } = call;
  return rest;
};

function withStream(
  call: Call,
  { connectionId, kind }: { readonly connectionId: string; readonly kind: StreamKind },
  state: StreamState,
  change: Partial<Pick<StreamSettings & { kind: 'transcript' }, 'locale' | 'speechModel'>> = {},
  about: { readonly operationContext?: string; readonly callbackUri?: string } = {},
): Call {
  const streams = call.connections[connectionId]?.streams;
  const stream = streams?.[kind];
  if (!stream) return call;
  const { settings } = stream;
  const changed = settings.kind === 'transcript' ? { ...settings, ...change } : settings;
  return withConnection(call, connectionId, {
    streams: { ...streams, [kind]: { ...stream, ...about, settings: changed, state } },
  });
}

const texts = ({ locale, speechModel }: { locale?: string; speechModel?: string }) => ({
  ...(locale === undefined ? {} : { locale }),
  ...(speechModel === undefined ? {} : { speechModel }),
});

const allocatedPhase = (leg: PhoneLeg, fact: FactOf<'leg-allocated'>, call: Call): LegPhase => {
  if (leg.at.phase !== 'allocating') return leg.at;
  return leg.at.next === 'accept'
    ? { phase: 'accepting', local: fact.local }
    : {
        phase: 'inviting',
        until: fact.at + (leg.ringLimit ?? call.limits.ring),
        ringing: false,
        local: fact.local,
      };
};

const withTransfer = (call: Call, id: string, change: (transfer: Transfer) => Transfer): Call => {
  const transfer = call.transfers[id];
  return transfer ? { ...call, transfers: { ...call.transfers, [id]: change(transfer) } } : call;
};

const withoutTransfer = (call: Call, id: string): Call => {
  const { [id]: _over, ...transfers } = call.transfers;
  return { ...call, transfers };
};

function transferAccepted(call: Call, fact: FactOf<'transfer-accepted'>): Call {
  const { transferId, leavesAt, apart } = fact;
  const legId = call.transfers[transferId]?.legId;
  let after: Call = { ...withoutTransfer(call, transferId), hops: call.hops + 1 };
  if (legId !== undefined && leavesAt !== undefined)
    after = withLeg(after, legId, (leg) => ({ ...leg, leavesAt }));
  if (!apart) return after;
  const [one, other] = apart;
  after = withLeg(after, one, (leg) => ({ ...leg, apartWith: other }));
  return withLeg(after, other, (leg) => ({ ...leg, apartWith: one }));
}

const keep = (call: Call): Call => call;

const evolutions: { readonly [K in FactKind]: (call: Call, fact: FactOf<K>) => Call } = {
  'call-started': keep,
  'connection-opened': (call, { connection }) => ({
    ...call,
    connections: { ...call.connections, [connection.id]: connection },
    group: call.group || connection.role === 'guest',
  }),
  'connection-connected': (call, f) =>
    withConnection(call, f.connectionId, { at: { phase: 'connected', since: f.at } }),
  'connection-ended': (call, f) =>
    withConnection(call, f.connectionId, { at: { phase: 'ended', at: f.at, outcome: f.outcome } }),
  'participants-changed': (call, f) => withConnection(call, f.connectionId, { sequence: f.sequence }),
  'leg-opened': (call, { leg }) => ({
    ...call,
    legs: { ...call.legs, [leg.id]: leg },
    // Whoever is moved here makes a group of a call of two.
    group: call.group || leg.movedFrom !== undefined,
  }),
  'leg-allocated': (call, f) => withLegPhase(call, f.legId, (leg) => allocatedPhase(leg, f, call)),
  'leg-ringing': (call, f) =>
    withLegPhase(call, f.legId, ({ at }) => (at.phase === 'inviting' ? { ...at, ringing: true } : at)),
  'leg-rerouted': (call, f) =>
    withLeg(call, f.legId, (leg) => ({
      ...leg,
      trunk: f.trunk,
      others: f.others,
      at: leg.at.phase === 'inviting' ? { ...leg.at, ringing: false } : leg.at,
    })),
  'leg-accepting': (call, f) =>
    withLegPhase(call, f.legId, (leg) =>
      leg.media
        ? { phase: 'allocating', until: f.at + call.limits.mediaAnswer, next: 'accept' }
        : { phase: 'accepting' },
    ),
  'leg-answered': (call, f) =>
    withLeg(call, f.legId, (leg) => ({
      ...leg,
      ...(f.remote ? { remote: f.remote } : {}),
      ...(f.refers === undefined ? {} : { refers: f.refers }),
      at: { phase: 'up', since: f.at, media: f.watch },
    })),
  'leg-media': (call, f) =>
    withLeg(call, f.legId, (leg) => ({
      ...leg,
      ...(f.remote ? { remote: f.remote } : {}),
      at: leg.at.phase === 'up' ? { ...leg.at, media: f.watch } : leg.at,
    })),
  'leg-bridged': keep,
  'leg-ended': (call, f) =>
    withLegPhase(call, f.legId, () => ({ phase: 'ended', at: f.at, outcome: f.outcome })),
  'target-failed': keep,
  'offer-opened': (call, { offer }) => ({ ...call, offers: { ...call.offers, [offer.id]: offer } }),
  'offer-delivered': (call, f) => withOffer(call, f.offerId, { delivered: true }),
  'offer-taken': (call, f) =>
    withOffer(call, f.offerId, { state: { state: 'taken', connectionId: f.connectionId } }),
  'offer-passed-on': (call, f) => ({
    ...withOffer(call, f.offerId, { state: { state: 'passed-on' } }),
    hops: call.hops + 1,
  }),
  'offer-closed': (call, f) => withOffer(call, f.offerId, { state: { state: 'closed', outcome: f.outcome } }),
  'transfer-begun': (call, { transfer }) => ({
    ...call,
    transfers: { ...call.transfers, [transfer.id]: transfer },
  }),
  'transfer-progress': (call, f) =>
    withTransfer(call, f.transferId, (transfer) =>
      transfer.how.how === 'refer' ? { ...transfer, how: { ...transfer.how, told: f.sip } } : transfer,
    ),
  'transfer-passed-on': (call, f) =>
    withTransfer(call, f.transferId, (transfer) => ({ ...transfer, how: { how: 'call', partId: f.partId } })),
  'transfer-accepted': transferAccepted,
  'transfer-failed': (call, f) => withoutTransfer(call, f.transferId),
  'referral-refused': keep,
  'tone-heard': keep,
  'invitation-opened': (call, { invitation }) => ({
    ...call,
    invitations: { ...call.invitations, [invitation.id]: invitation },
  }),
  'invitation-ended': (call, { invitation, as }) => {
    const { [invitation.id]: _over, ...invitations } = call.invitations;
    // Whoever is added makes a group of a call of two.
    return { ...call, invitations, group: call.group || as === 'succeeded' };
  },
  'participant-removed': keep,
  'participant-moved': keep,
  'leg-given': (call, { legId }) => {
    const { [legId]: _gone, ...legs } = call.legs;
    return { ...call, legs };
  },
  'leg-part': (call, { legId, muted, held }) => withLeg(call, legId, (leg) => ({ ...leg, muted, held })),
  'connection-muted': (call, { connectionId }) => withConnection(call, connectionId, { muted: true }),
  'operation-queued': (call, { operation }) => ({ ...call, operations: [...call.operations, operation] }),
  'operation-preparing': (call, f) => withPhase(call, f.operationId, () => ({ phase: 'preparing' })),
  'operation-prompting': (call, f) =>
    withPhase(call, f.operationId, () => ({ phase: 'prompting', began: false, collected: [] })),
  'operation-heard': (call, f) =>
    withPhase(call, f.operationId, ({ at }) => (at.phase === 'prompting' ? { ...at, began: true } : at)),
  'operation-pressed': (call, { operationId, collected }) =>
    withPhase(call, operationId, ({ at }) => (at.phase === 'prompting' ? { ...at, collected } : at)),
  'operation-listening': (call, { operationId, collected, until }) =>
    withPhase(call, operationId, () => ({
      phase: 'listening',
      collected,
      ...(until === undefined ? {} : { until }),
    })),
  'operation-understanding': (call, f) => withPhase(call, f.operationId, () => ({ phase: 'understanding' })),
  'operation-sending': (call, f) => withPhase(call, f.operationId, () => ({ phase: 'sending' })),
  'operation-ended': (call, { operation }) => ({
    ...call,
    operations: call.operations.filter(({ id }) => id !== operation.id),
  }),
  'continuous-started': (call, { legId, recognition }) => ({
    ...call,
    continuous: { ...call.continuous, [legId]: recognition },
  }),
  'continuous-tone': (call, { legId, sequence }) => {
    const running = call.continuous[legId];
    return running
      ? { ...call, continuous: { ...call.continuous, [legId]: { ...running, sequence } } }
      : call;
  },
  'continuous-stopped': (call, { legId }) => {
    const { [legId]: _stopped, ...continuous } = call.continuous;
    return { ...call, continuous };
  },
  'recording-started': (call, { recording }) => ({ ...call, recording }),
  'recording-refused': keep,
  'recording-changing': (call, f) => withRecording(call, f.recordingId, f.state),
  'recording-changed': (call, f) => withRecording(call, f.recordingId, f.state),
  'recording-ended': withoutRecording,
  'stream-opening': (call, f) => withStream(call, f, 'opening', texts(f), f.about),
  'stream-opened': (call, f) => withStream(call, f, 'active'),
  'stream-interrupted': (call, f) => withStream(call, f, 'interrupted'),
  'stream-restored': (call, f) => withStream(call, f, 'active'),
  'stream-updating': (call, f) => withStream(call, f, 'active', texts(f), f.about),
  'stream-updated': keep,
  'stream-closing': (call, f) => withStream(call, f, 'closing', {}, f.about),
  'stream-closed': (call, f) => withStream(call, f, 'inactive'),
  'stream-failed': (call, f) => withStream(call, f, 'inactive'),
  'operation-refused': keep,
  'input-ignored': keep,
  'call-ended': (call, f) => ({ ...call, end: { at: f.at, outcome: f.outcome } }),
};

/** The call after this fact. Total: a fact about something unknown changes nothing. Only `call-started` may come first. */
export function evolve(call: Call | undefined, fact: Fact): Call {
  if (fact.fact === 'call-started')
    return {
      ...fact.header,
      startedAt: fact.at,
      connections: {},
      legs: {},
      offers: {},
      operations: [],
      continuous: {},
      invitations: {},
      transfers: {},
      hops: 0,
    };
  if (!call) throw new Error(`evolve: ${fact.fact} before call-started`);
  const change = evolutions[fact.fact] as (call: Call, fact: Fact) => Call;
  return change(call, fact);
}

/** The call after all its facts: restart, replay and crash recovery are this fold. */
export function replay(facts: readonly Fact[]): Call | undefined {
  let call: Call | undefined;
  for (const fact of facts) call = evolve(call, fact);
  return call;
}
