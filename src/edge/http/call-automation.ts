/** The operations of Call Automation: each decodes, asks the desk and encodes. What is not served yet says so by name. */
import type { Answer, Calls, CallView, Remember } from '../../app/desks/commands.ts';
import { participants } from '../../app/desks/commands.ts';
import { refuse } from '../../app/desks/refusals.ts';
import {
  decodeAnswerCall,
  decodeCreateCall,
  decodeRedirectCall,
  decodeRejectCall,
} from '../../wire/rest/call-requests.ts';
import {
  encodeConnection,
  encodeParticipant,
  encodeParticipants,
} from '../../wire/rest/connection-properties.ts';
import {
  type DocumentedOperation,
  documentedOperations,
  type OperationName,
} from '../../wire/rest/operations.ts';
import { decodeTransfer } from '../../wire/rest/transfer-request.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import type { Keep, Operation } from './operation.ts';

type Run = Operation['run'];

/** The reply that was promised to repetitions is the one that is sent, unless storing it failed. */
async function ask<T>(
  keep: Keep | undefined,
  encode: (answer: Answer<T>) => Reply,
  command: (remember: Remember<T> | undefined) => Promise<Answer<T>>,
): Promise<Reply> {
  let made: Reply | undefined;
  const remember: Remember<T> = (answer) => {
    made = encode(answer);
    return keep?.(made);
  };
  const answer = await command(remember);
  const asDecided = made !== undefined && 'refused' in answer === (made.refused !== undefined);
  return asDecided && made ? made : encode(answer);
}

const refusedByDesk = (
  { refused, retryAfterMs }: Extract<Answer<unknown>, { refused: unknown }>,
  callId?: string,
): Reply =>
  refusal(refused, {
    recorded: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(callId === undefined ? {} : { callId }),
  });

const noContent =
  (callId?: string) =>
  (answer: Answer<undefined>): Reply =>
    'refused' in answer
      ? refusedByDesk(answer, callId)
      : { status: 204, ...(callId === undefined ? {} : { callId }) };

const connectionReply =
  (status: number, moment: 'created' | 'answered') =>
  (answer: Answer<CallView>): Reply => {
    if ('refused' in answer) return refusedByDesk(answer);
    const { call, connection } = answer.ok;
    return {
      ...json(status, encodeConnection(call, connection, moment)),
      correlationId: call.correlationId,
      callId: call.callId,
      connectionId: connection.id,
    };
  };

/** Aborted when the client goes away before it is answered. */
function clientGone(x: Exchange): AbortSignal {
  const controller = new AbortController();
  x.response.once('close', () => {
    if (!x.response.writableEnded) controller.abort();
  });
  return controller.signal;
}

const resourceOf = (x: Exchange): string => {
  if (!x.resource) throw new Error(`${x.operation?.name} ran without authentication`);
  return x.resource.id;
};
const param = (x: Exchange, at: number): string => x.params[at] ?? '';

export function callAutomation(deps: HttpDependencies): readonly Operation[] {
  const { calls, clock } = deps;
  const bodies = createBodies(deps);
  const command = (x: Exchange) => ({ resourceId: resourceOf(x), connectionId: param(x, 0) });

  const createCall: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeCreateCall(value, deps));
    if ('reply' in body) return body.reply;
    const create = { ...body.ok, resourceId: resourceOf(x), apiVersion: x.apiVersion };
    return ask(keep, connectionReply(201, 'created'), (remember) =>
      calls.create(create, remember, clientGone(x)),
    );
  };

  const answerCall: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeAnswerCall(value, deps));
    if ('reply' in body) return body.reply;
    const answer = { ...body.ok, resourceId: resourceOf(x), apiVersion: x.apiVersion };
    return ask(keep, connectionReply(200, 'answered'), (remember) => calls.answer(answer, remember));
  };

  const rejectCall: Run = (x, keep) => {
    const body = bodies(x, decodeRejectCall);
    if ('reply' in body) return body.reply;
    return ask(keep, noContent(), (remember) =>
      calls.reject({ ...body.ok, resourceId: resourceOf(x) }, remember),
    );
  };

  const redirectCall: Run = (x, keep) => {
    const body = bodies(x, decodeRedirectCall);
    if ('reply' in body) return body.reply;
    return ask(keep, noContent(), (remember) =>
      calls.redirect({ ...body.ok, resourceId: resourceOf(x) }, remember),
    );
  };

  const transferToParticipant: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeTransfer(value, deps));
    if ('reply' in body) return body.reply;
    const { sipHeaders: headers, ...order } = body.ok;
    const { operationContext } = order;
    const encode = (answer: Answer<CallView>): Reply => {
      if ('refused' in answer) return refusedByDesk(answer);
      const { correlationId, callId } = answer.ok.call;
      return {
        ...json(202, operationContext === undefined ? {} : { operationContext }),
        correlationId,
        callId,
      };
    };
    return ask(keep, encode, (remember) => calls.transfer({ ...order, headers, ...command(x) }, remember));
  };

  const ending =
    (
      end: (
        calls: Calls,
        c: ReturnType<typeof command>,
        remember: Remember<undefined> | undefined,
      ) => Promise<Answer<undefined>>,
    ): Run =>
    (x, keep) => {
      const known = calls.connection(command(x));
      const callId = 'ok' in known ? known.ok.call.callId : undefined;
      return ask(keep, noContent(callId), (remember) => end(calls, command(x), remember));
    };

  /** Reads never reach the desk's queue, and their refusals are told here. */
  const reading =
    (encode: (view: CallView, x: Exchange) => Reply): Run =>
    (x) => {
      const answer = calls.connection(command(x));
      return 'refused' in answer ? refusal(answer.refused) : encode(answer.ok, x);
    };

  /** Whoever has left the call does not see who is in it. */
  const present = ({ call, connection }: CallView) =>
    connection.at.phase === 'ended' ? [] : participants(call);

  const getParticipant = (view: CallView, x: Exchange): Reply => {
    const rawId = param(x, 1);
    const found = present(view).find(({ identifier }) => identifier.rawId === rawId);
    if (found) return { ...json(200, encodeParticipant(found)), correlationId: view.call.correlationId };
    const detail = `no participant ${rawId} in call connection ${view.connection.id}`;
    return refusal(refuse('call-not-found', clock.now(), detail), { callId: view.call.callId });
  };

  const served: Partial<Record<OperationName, Run>> = {
    createCall,
    answerCall,
    rejectCall,
    redirectCall,
    getCall: reading(({ call, connection }) => ({
      ...json(200, encodeConnection(call, connection, 'read')),
      correlationId: call.correlationId,
    })),
    hangupCall: ending((desk, c) => desk.hangUp(c)),
    terminateCall: ending((desk, c, remember) => desk.terminate(c, remember)),
    transferToParticipant,
    listParticipants: reading((view) => ({
      ...json(200, encodeParticipants(present(view))),
      correlationId: view.call.correlationId,
    })),
    getParticipant: reading(getParticipant),
  };

  const notServed = ({ name, method, path }: DocumentedOperation): Run => {
    const detail = `${name} (${method} ${path}) is part of Call Automation; this version of Ringback does not serve it`;
    return () => refusal(refuse('not-served', clock.now(), detail));
  };

  const operation = ([key, documented]: [string, DocumentedOperation]): Operation => {
    const run = served[key as OperationName];
    return {
      ...documented,
      access: 'resource',
      versioned: true,
      repeatable: run !== undefined && documented.repeatable === true,
      run: run ?? notServed(documented),
    };
  };
  return Object.entries<DocumentedOperation>(documentedOperations).map(operation);
}
