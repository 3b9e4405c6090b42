/** The operations of Call Automation: each decodes, asks the desk and encodes. */
import type { Answer, Calls, CallView, ConnectionCommand, Remember } from '../../app/desks/commands.ts';
import {
  decodeAnswerCall,
  decodeCreateCall,
  decodeRedirectCall,
  decodeRejectCall,
} from '../../wire/rest/call-requests.ts';
import { encodeConnection } from '../../wire/rest/connection-properties.ts';
import {
  type DocumentedOperation,
  documentedOperations,
  type OperationName,
} from '../../wire/rest/operations.ts';
import { decodeTransfer } from '../../wire/rest/transfer-request.ts';
import { ask, commandOf, connectionReply, refusedByDesk, resourceOf } from './asking.ts';
import { callMedia } from './call-media.ts';
import { callParticipants } from './call-participants.ts';
import { callRecordings } from './call-recordings.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

type Run = Operation['run'];

const noContent =
  (callId?: string) =>
  (answer: Answer<undefined>): Reply =>
    'refused' in answer
      ? refusedByDesk(answer, callId)
      : { status: 204, ...(callId === undefined ? {} : { callId }) };

/** Aborted when the client goes away before it is answered. */
function clientGone(x: Exchange): AbortSignal {
  const controller = new AbortController();
  x.response.once('close', () => {
    if (!x.response.writableEnded) controller.abort();
  });
  return controller.signal;
}

export function callAutomation(deps: HttpDependencies): readonly Operation[] {
  const { calls } = deps;
  const bodies = createBodies(deps);
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
    return ask(keep, encode, (remember) => calls.transfer({ ...order, headers, ...commandOf(x) }, remember));
  };

  const ending =
    (
      end: (
        calls: Calls,
        c: ConnectionCommand,
        remember: Remember<undefined> | undefined,
      ) => Promise<Answer<undefined>>,
    ): Run =>
    (x, keep) => {
      const known = calls.connection(commandOf(x));
      const callId = 'ok' in known ? known.ok.call.callId : undefined;
      return ask(keep, noContent(callId), (remember) => end(calls, commandOf(x), remember));
    };

  /** Reads never reach the desk's queue, and their refusals are told here. */
  const getCall: Run = (x) => {
    const answer = calls.connection(commandOf(x));
    if ('refused' in answer) return refusal(answer.refused);
    const { call, connection } = answer.ok;
    return {
      ...json(200, encodeConnection(call, connection, 'read')),
      correlationId: call.correlationId,
    };
  };

  const served: Readonly<Record<OperationName, Run>> = {
    createCall,
    answerCall,
    rejectCall,
    redirectCall,
    getCall,
    hangupCall: ending((desk, c) => desk.hangUp(c)),
    terminateCall: ending((desk, c, remember) => desk.terminate(c, remember)),
    transferToParticipant,
    ...callParticipants(deps),
    ...callMedia(deps),
    ...callRecordings(deps),
  };

  const operation = ([name, documented]: [string, DocumentedOperation]): Operation => ({
    ...documented,
    access: 'resource',
    versioned: true,
    repeatable: documented.repeatable === true,
    run: served[name as OperationName],
  });
  return Object.entries<DocumentedOperation>(documentedOperations).map(operation);
}
