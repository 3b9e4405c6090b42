/** What follows from an input, now: facts, or a refusal. Pure: no clock, no ids of its own, no I/O. */
import type { Instant } from '../ids/instant.ts';
import { type Call, liveConnections, liveLegs, offerOf, participants } from './call.ts';
import { decideMedia, decideTrunk, loseMedia } from './decide-leg.ts';
import { decideGive, decideMoveFailed, decideTake } from './decide-move.ts';
import { decideAnswer, decideRedirect, decideReject, refuseOffer } from './decide-offer.ts';
import { decideCancelOperations, decideContinuous, decideOperate } from './decide-operation.ts';
import {
  decideAdd,
  decideCancelAdd,
  decideConnect,
  decideHold,
  decideMute,
  decideRemove,
} from './decide-participants.ts';
import { decideChangeRecording, decideStartRecording, recordingTold } from './decide-recording.ts';
import { decideRefer, decideSucceed } from './decide-refer.ts';
import { decideArrive, decideCreate } from './decide-start.ts';
import { decideStream, streamTold } from './decide-stream.ts';
import { decideTick } from './decide-tick.ts';
import { decideTransfer } from './decide-transfer.ts';
import { Draft } from './draft.ts';
import { endByApplication, endConnection, endEverything } from './endings.ts';
import type { Fact } from './facts.ts';
import type { Input } from './inputs.ts';
import { operationTold } from './operations.ts';
import { type Outcome, outcome } from './outcome.ts';
import { settle } from './settle.ts';

export interface Refusal {
  readonly refused: Outcome;
}
export type Decision = readonly Fact[] | Refusal;

export const isRefusal = (decision: Decision): decision is Refusal => 'refused' in decision;

type Of<K extends Input['input']> = Extract<Input, { input: K }>;

function endOfConnection(
  draft: Draft,
  call: Call,
  input: Of<'hang-up'> | Of<'terminate'>,
): Outcome | undefined {
  const connection = call.connections[input.connectionId];
  if (!connection)
    return outcome('call-not-found@request', draft.at, {
      detail: `no call connection ${input.connectionId}`,
    });
  if (connection.at.phase === 'ended') {
    return outcome('call-terminated@request', draft.at, {
      detail: `it ended: ${connection.at.outcome.name}`,
    });
  }
  const others = participants(call).length - 1;
  if (input.input === 'hang-up' && call.group && connection.at.phase === 'connected' && others >= 2) {
    const left = outcome('application-hung-up@connected', draft.at);
    endConnection(draft, connection, left, true);
    draft.blame = left;
  } else endByApplication(draft, connection);
  return undefined;
}

/** What an ended leg's far side still says is worth a line in the journal where it tells of a race. */
function late(draft: Draft, event: Of<'trunk'>['event']): void {
  const what = event.kind === 'ended' ? `${event.kind} (${event.end.how})` : event.kind;
  const echo =
    event.kind === 'ended' &&
    (event.end.how === 'cancel-confirmed' || (event.end.how === 'final' && event.end.sip.code === 487));
  if (event.kind === 'answered' || (event.kind === 'ended' && !echo)) {
    draft.add({ fact: 'input-ignored', input: `trunk: ${what}`, why: 'the leg had ended' });
  }
}

function aboutTrunk(draft: Draft, call: Call, { event }: Of<'trunk'>): void {
  const leg = call.legs[event.legId];
  if (leg && leg.at.phase !== 'ended') decideTrunk(draft, leg, event);
  else late(draft, event);
}

function aboutMedia(draft: Draft, call: Call, { event }: Of<'media'>): void {
  if (event.kind === 'process-died') {
    loseMedia(draft, outcome('media-process-died@alive', draft.at, { detail: event.why }), event.legIds);
  } else if (event.kind === 'process-mute') {
    const detail = 'the media process is alive and does not answer its heartbeat';
    loseMedia(draft, outcome('media-process-mute@alive', draft.at, { detail }), event.legIds);
  } else if (event.kind === 'operation') operationTold(draft, event.event);
  else if (event.kind === 'recording') recordingTold(draft, event.event);
  else if (event.kind === 'stream') streamTold(draft, event.event);
  else {
    const leg = call.legs[event.legId];
    if (leg && leg.at.phase !== 'ended') decideMedia(draft, leg, event);
  }
}

function aboutOffer(
  draft: Draft,
  call: Call,
  input: Of<'answer'> | Of<'reject'> | Of<'redirect'>,
): Outcome | undefined {
  const offer = offerOf(call, input.offerId);
  const refused = refuseOffer(offer, call.end !== undefined, draft.at);
  if (refused || !offer) return refused;
  if (input.input === 'answer') decideAnswer(draft, offer, input);
  else if (input.input === 'reject') decideReject(draft, offer, input.reason);
  else decideRedirect(draft, offer, input);
  return undefined;
}

function dispatch(
  draft: Draft,
  call: Call,
  input: Exclude<Input, Of<'create'> | Of<'arrive'>>,
): Outcome | undefined {
  switch (input.input) {
    case 'answer':
    case 'reject':
    case 'redirect':
      return aboutOffer(draft, call, input);
    case 'hang-up':
    case 'terminate':
      return endOfConnection(draft, call, input);
    case 'add':
      return decideAdd(draft, input);
    case 'cancel-add':
      return decideCancelAdd(draft, input);
    case 'remove':
      return decideRemove(draft, input);
    case 'mute':
      return decideMute(draft, input);
    case 'hold':
      return decideHold(draft, input);
    case 'give':
      decideGive(draft, input);
      return undefined;
    case 'take':
      return decideTake(draft, input);
    case 'move-failed':
      decideMoveFailed(draft, input);
      return undefined;
    case 'connect':
      return decideConnect(draft, input);
    case 'operate':
      return decideOperate(draft, input);
    case 'cancel-operations':
      return decideCancelOperations(draft, input);
    case 'continuous-tones':
      return decideContinuous(draft, input);
    case 'start-recording':
      return decideStartRecording(draft, input);
    case 'change-recording':
      return decideChangeRecording(draft, input);
    case 'stream':
      return decideStream(draft, input);
    case 'operation':
      operationTold(draft, input.event);
      return undefined;
    case 'offer-delivered':
      if (call.offers[input.offerId]?.state.state === 'open' && !call.offers[input.offerId]?.delivered) {
        draft.add({ fact: 'offer-delivered', offerId: input.offerId });
      }
      return undefined;
    case 'transfer':
      return decideTransfer(draft, call, input.order);
    case 'refer':
      decideRefer(draft, call, input);
      return undefined;
    case 'succeed':
      decideSucceed(draft, call, input);
      return undefined;
    case 'trunk':
      aboutTrunk(draft, call, input);
      return undefined;
    case 'media':
      aboutMedia(draft, call, input);
      return undefined;
    case 'tick':
      decideTick(draft);
      return undefined;
    case 'restarted':
      endEverything(draft, outcome('server-restarted@alive', draft.at), false);
      return undefined;
    case 'stopping':
      endEverything(draft, outcome('server-stopping@alive', draft.at), true);
      return undefined;
  }
}

function unknownCall(input: Input, at: Instant): Outcome {
  const offered = 'offerId' in input ? refuseOffer(undefined, false, at) : undefined;
  return offered ?? outcome('call-not-found@request', at, { detail: 'no such call is known' });
}

export function decide(call: Call | undefined, input: Input, at: Instant): Decision {
  const draft = new Draft(call, at);
  if (input.input === 'create') decideCreate(draft, input);
  else if (input.input === 'arrive') decideArrive(draft, input);
  else {
    if (!call) return { refused: unknownCall(input, at) };
    const refused = dispatch(draft, call, input);
    if (refused) return { refused };
    if (call.end) return draft.facts;
  }
  if (draft.facts.length > 0 || liveLegs(draft.call).length + liveConnections(draft.call).length === 0)
    settle(draft, call);
  return draft.facts;
}
