/** Who is in a call: the operations of Call Automation that bring participants in and out, mute, hold, move and list them. */
import type { Answer, CallView } from '../../app/desks/commands.ts';
import { participants } from '../../app/desks/commands.ts';
import type { Invited } from '../../app/desks/participant-commands.ts';
import { refuse } from '../../app/desks/refusals.ts';
import { encodeParticipant, encodeParticipants } from '../../wire/rest/connection-properties.ts';
import { decodeTarget } from '../../wire/rest/media-requests.ts';
import type { OperationName } from '../../wire/rest/operations.ts';
import {
  decodeAddParticipant,
  decodeCancelAdd,
  decodeConnect,
  decodeHold,
  decodeMove,
  decodeMute,
  decodeRemoveParticipant,
} from '../../wire/rest/participant-requests.ts';
import { ask, commandOf, connectionReply, param, refusedByDesk, resourceOf } from './asking.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, queryOf, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

type Run = Operation['run'];

const unheard = { isMuted: false, isOnHold: false } as const;

/** Participants on a page of the list. */
const PAGE = 50;

/** Where the next page of a list is; clients sign the address as it stands. */
function linkTo(x: Exchange, skip: number): string {
  const query = queryOf(x);
  query.set('skip', String(skip));
  return `${x.secure ? 'https' : 'http'}://${x.headers.host}${x.path}?${query}`;
}

export function callParticipants(deps: HttpDependencies) {
  const { calls, clock, participants: desk } = deps;
  const bodies = createBodies(deps);

  /** Whoever has left the call does not see who is in it. */
  const present = ({ call, connection }: CallView) =>
    connection.at.phase === 'ended' ? [] : participants(call);

  const listParticipants: Run = (x) => {
    const view = calls.connection(commandOf(x));
    if ('refused' in view) return refusal(view.refused);
    const skip = Number(queryOf(x).get('skip') ?? 0);
    if (!Number.isSafeInteger(skip) || skip < 0) {
      const detail = 'The field Skip is invalid. It must be a whole number, as a nextLink has it.';
      return refusal(refuse('invalid-argument', clock.now(), detail));
    }
    const all = present(view.ok);
    const next = skip + PAGE < all.length ? linkTo(x, skip + PAGE) : undefined;
    return {
      ...json(200, encodeParticipants(all.slice(skip, skip + PAGE), next)),
      correlationId: view.ok.call.correlationId,
    };
  };

  const getParticipant: Run = (x) => {
    const view = calls.connection(commandOf(x));
    if ('refused' in view) return refusal(view.refused);
    const rawId = param(x, 1);
    const { call, connection } = view.ok;
    const found = present(view.ok).find(({ identifier }) => identifier.rawId === rawId);
    if (found) return { ...json(200, encodeParticipant(found)), correlationId: call.correlationId };
    const left = Object.values(call.legs).some((leg) => leg.party.rawId === rawId);
    const detail = left
      ? `${rawId} is not, or no longer, in the call`
      : `no participant ${rawId} in call connection ${connection.id}`;
    const cause = left ? 'participant-absent' : 'call-not-found';
    return refusal(refuse(cause, clock.now(), detail), { callId: call.callId });
  };

  const addParticipant: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeAddParticipant(value, deps));
    if ('reply' in body) return body.reply;
    const { sipHeaders: headers, ...order } = body.ok;
    const { participant, operationContext } = order;
    const encode = (answer: Answer<Invited>): Reply => {
      if ('refused' in answer) return refusedByDesk(answer);
      const { invitationId, call } = answer.ok;
      const invited = encodeParticipant({ identifier: participant, ...unheard });
      const { correlationId, callId } = call;
      return {
        ...json(202, { participant: invited, operationContext, invitationId }),
        correlationId,
        callId,
      };
    };
    return ask(keep, encode, (remember) => desk.add({ ...order, headers, ...commandOf(x) }, remember));
  };

  /** Answered with these fields, or refused. */
  const accepted =
    (status: number, told: object) =>
    (answer: Answer<undefined>): Reply =>
      'refused' in answer ? refusedByDesk(answer) : json(status, told);

  const removeParticipant: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeRemoveParticipant(value, deps));
    if ('reply' in body) return body.reply;
    const { operationContext } = body.ok;
    return ask(keep, accepted(202, { operationContext }), (remember) =>
      desk.remove({ ...body.ok, ...commandOf(x) }, remember),
    );
  };

  const mute: Run = (x, keep) => {
    const body = bodies(x, decodeMute);
    if ('reply' in body) return body.reply;
    const { participant, operationContext } = body.ok;
    return ask(keep, accepted(200, { operationContext }), (remember) =>
      desk.mute({ participant, ...commandOf(x) }, remember),
    );
  };

  const unmute: Run = async (x) => {
    const body = bodies(x, decodeMute);
    if ('reply' in body) return body.reply;
    return accepted(200, {})(await desk.unmute({ participant: body.ok.participant, ...commandOf(x) }));
  };

  const cancelAddParticipant: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeCancelAdd(value, deps));
    if ('reply' in body) return body.reply;
    const { invitationId, operationContext } = body.ok;
    return ask(keep, accepted(202, { invitationId, operationContext }), (remember) =>
      desk.cancelAdd({ ...body.ok, ...commandOf(x) }, remember),
    );
  };

  const moveParticipants: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeMove(value, deps));
    if ('reply' in body) return body.reply;
    const { participants: moved, operationContext, fromCall } = body.ok;
    const told = {
      participants: moved.map((identifier) => encodeParticipant({ identifier, ...unheard })),
      operationContext,
      fromCall,
    };
    return ask(keep, accepted(202, told), (remember) => desk.move({ ...body.ok, ...commandOf(x) }, remember));
  };

  const holding =
    (on: boolean): Run =>
    async (x) => {
      const body = bodies(x, (value) => (on ? decodeHold(value, deps) : decodeTarget(value, deps)));
      if ('reply' in body) return body.reply;
      const answer = await desk.hold({ ...body.ok, ...commandOf(x), on });
      return 'refused' in answer ? refusedByDesk(answer) : { status: 200 };
    };

  const connect: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeConnect(value, deps));
    if ('reply' in body) return body.reply;
    const command = { ...body.ok, resourceId: resourceOf(x), apiVersion: x.apiVersion };
    return ask(keep, connectionReply(200, 'created'), (remember) => desk.connect(command, remember));
  };

  return {
    listParticipants,
    getParticipant,
    addParticipant,
    removeParticipant,
    mute,
    unmute,
    cancelAddParticipant,
    moveParticipants,
    hold: holding(true),
    unhold: holding(false),
    connect,
  } satisfies Partial<Record<OperationName, Run>>;
}
