/** An application hands a party of its call over to somebody else (`reference/call-automation.md` §7, §9.3). */
import type { Identifier } from '../ids/identifier.ts';
import {
  type Call,
  type Connection,
  liveConnections,
  liveTransfers,
  type PhoneLeg,
  type Transfer,
  talkingLegs,
} from './call.ts';
import { maxHops } from './decide-offer.ts';
import { callTarget } from './decide-start.ts';
import type { Draft } from './draft.ts';
import { failTransfer } from './endings.ts';
import type { Target, TransferOrder } from './inputs.ts';
import { type Outcome, outcome } from './outcome.ts';
import type { Situation } from './situations.ts';

/** Milliseconds (`reference/call-automation.md` §14). */
export const transferLimit = 60_000;

type RequestSituation = Extract<Situation, `${string}@request`>;

interface Party {
  readonly identifier: Identifier;
  /** Absent: another application. */
  readonly leg?: PhoneLeg;
}

/** Everybody in the call but the application that asks. */
export function partiesBeside(
  call: Call,
  connection: Connection,
): readonly (Party & { readonly names: readonly string[] })[] {
  const phones = talkingLegs(call).map((leg) => ({
    identifier: leg.party,
    leg,
    names: [leg.party.rawId],
  }));
  const applications = liveConnections(call)
    .filter((other) => other.id !== connection.id && other.at.phase === 'connected')
    .map(({ identity, answeredFor }) => ({
      identifier: answeredFor?.kind === 'communicationUser' ? answeredFor : identity,
      names: [identity.rawId, ...(answeredFor ? [answeredFor.rawId] : [])],
    }));
  return [...phones, ...applications];
}

/** Why the request cannot be served, or who is handed over. */
function transfereeOf(
  draft: Draft,
  call: Call,
  order: TransferOrder,
): { readonly party: Party } | { readonly refused: Outcome } {
  const refuse = (situation: RequestSituation, detail: string) => ({
    refused: outcome(situation, draft.at, { detail }),
  });
  const connection = call.connections[order.connectionId];
  if (!connection) return refuse('call-not-found@request', `no call connection ${order.connectionId}`);
  if (connection.at.phase === 'ended')
    return refuse('call-terminated@request', `it ended: ${connection.at.outcome.name}`);
  if (connection.at.phase === 'connecting')
    return refuse('not-connected@request', 'the call is connecting; wait for CallConnected');
  const present = partiesBeside(call, connection);
  const named = order.transferee?.rawId;
  const [party] = named === undefined ? present : present.filter(({ names }) => names.includes(named));
  if (!party) {
    const whom = named === undefined ? 'nobody else is in the call' : `no participant ${named} in the call`;
    return refuse('call-not-found@request', whom);
  }
  if (named === undefined && (call.group || present.length > 1)) {
    const detail = 'The field Transferee is invalid. It is required where the call has several participants.';
    return refuse('invalid-argument@request', detail);
  }
  const [running] = liveTransfers(call);
  if (running) {
    const detail = `a transfer of ${running.transferee.rawId} to ${running.target.rawId} is under way`;
    const own = running.asked.by === 'application' && running.asked.connectionId === order.connectionId;
    return own
      ? refuse('conflicts-with-another@request', detail)
      : refuse('another-transfers@request', `${detail}, and somebody else asked for it`);
  }
  return { party };
}

/** The far end can reach the target itself: it takes REFER, and the number is behind its own trunk. */
const canRefer = (leg: PhoneLeg | undefined, { identifier, route }: Target): boolean =>
  leg?.refers === true &&
  identifier.kind === 'phoneNumber' &&
  route.to === 'trunk' &&
  leg.trunk !== undefined &&
  [route.trunk, ...(route.others ?? [])].includes(leg.trunk);

/** What cannot be done: in a group, those handed over leave the call for one of their own. */
function unservable(call: Call, { leg }: Party, { identifier, route }: Target): string | undefined {
  if (identifier.kind === 'unknown') return `${identifier.rawId} is neither a user nor a phone number`;
  if (!call.group) return undefined;
  if (!leg) return 'an application cannot be transferred out of a group call';
  return route.to === 'applications'
    ? 'a participant of a group call can be transferred to a phone number that a trunk reaches, not to an application'
    : undefined;
}

/** Undefined when the transfer begins, or failed at once; otherwise why the request is refused. */
export function decideTransfer(draft: Draft, call: Call, order: TransferOrder): Outcome | undefined {
  const found = transfereeOf(draft, call, order);
  if ('refused' in found) return found.refused;
  const { party } = found;
  const { target, connectionId, operationContext, callbackUri, headers, voipHeaders } = order;
  const refer = canRefer(party.leg, target);
  const fault = unservable(call, party, target);
  if (fault !== undefined) return outcome('unsupported@request', draft.at, { detail: fault });
  const transfer: Transfer = {
    id: target.id,
    target: target.identifier,
    until: draft.at + transferLimit,
    transferee: party.identifier,
    ...(party.leg ? { legId: party.leg.id } : {}),
    asked: {
      by: 'application',
      connectionId,
      ...(operationContext === undefined ? {} : { operationContext }),
      ...(callbackUri === undefined ? {} : { callbackUri }),
    },
    how:
      refer && target.identifier.kind === 'phoneNumber'
        ? { how: 'refer', number: target.identifier.number }
        : { how: 'call', partId: target.id },
  };
  draft.add({ fact: 'transfer-begun', transfer, headers });
  if (call.hops >= maxHops) {
    const detail = `the call was redirected or handed over ${maxHops} times before`;
    failTransfer(draft, transfer, outcome('forwarded-too-often@transferring', draft.at, { detail }));
  } else if (!refer) callTarget(draft, target, { from: party.identifier, headers, voipHeaders });
  return undefined;
}

/** Whether the target was heard of at all. */
function wasHeard({ how }: Transfer, call: Call): boolean {
  if (how.how === 'refer') return how.told !== undefined && how.told.code > 100;
  const leg = call.legs[how.partId];
  if (leg) return leg.at.phase === 'inviting' && leg.at.ringing;
  return call.offers[how.partId]?.delivered === true;
}

export function transferDue(draft: Draft, transfer: Transfer): void {
  const situation = wasHeard(transfer, draft.call)
    ? 'transfer-limit@transferring'
    : 'target-unreachable@transferring';
  const detail = `${transfer.target.rawId} did not answer within ${transferLimit / 1000} s`;
  failTransfer(draft, transfer, outcome(situation, draft.at, { detail }));
}
