import type { Application, HttpReply, HttpRequest, Observation, PlacedCall } from '../scenario.ts';
import { logRow } from './call-log.ts';
import type { Inbox, Received } from './inbox.ts';

export interface ApplicationParts {
  readonly name: string;
  readonly inbox: Inbox;
  readonly send: (request: HttpRequest) => Promise<HttpReply>;
  /** Signed by the resource that may administer. */
  readonly admin: (request: Pick<HttpRequest, 'method' | 'path' | 'body'>) => Promise<HttpReply>;
}

interface Result {
  readonly code: number;
  readonly subCode?: number;
  readonly message?: string;
}

export function observed(event: Received): Observation {
  const result = event.data.resultInformation as Result | undefined;
  if (!result) throw new Error(`${event.type} carries no resultInformation`);
  const { code, subCode, message } = result;
  return {
    where: `event ${event.type}`,
    code,
    ...(subCode === undefined ? {} : { subCode }),
    ...(message === undefined ? {} : { message }),
    callId: String(event.data.callConnectionId),
  };
}

const identifier = (to: string): unknown =>
  to.startsWith('+')
    ? { kind: 'phoneNumber', rawId: `4:${to}`, phoneNumber: { value: to } }
    : { kind: 'communicationUser', rawId: to, communicationUser: { id: to } };

function expectStatus(reply: HttpReply, status: number, what: string): HttpReply {
  if (reply.status !== status) {
    throw new Error(
      `${what} was answered ${reply.status} instead of ${status}: ${JSON.stringify(reply.body)}`,
    );
  }
  return reply;
}

export function application(parts: ApplicationParts): Application {
  const { inbox, send, name } = parts;
  const callbackUri = inbox.url(`/${name}/callbacks`);

  const placed = (reply: HttpReply): PlacedCall => {
    const { callConnectionId } = reply.body as { callConnectionId: string };
    const path = `/calling/callConnections/${callConnectionId}`;
    const ours = (event: Received): boolean => event.data.callConnectionId === callConnectionId;
    return {
      connectionId: callConnectionId,
      event: async (type) => observed(await inbox.next(type, (event) => event.type === type && ours(event))),
      hangUp: () => send({ method: 'DELETE', path }),
      terminate: () => send({ method: 'POST', path: `${path}:terminate` }),
      ask: async (action, body) => {
        const reply = await send({ method: 'POST', path: `${path}:${action}`, ...(body ? { body } : {}) });
        return { ...reply, observed: { ...reply.observed, callId: callConnectionId } };
      },
      logRow: (participant) => logRow(parts.admin, callConnectionId, participant),
    };
  };

  const createBody = (to: string | readonly string[], changes = {}): Readonly<Record<string, unknown>> => ({
    targets: [to].flat().map(identifier),
    callbackUri,
    sourceCallerIdNumber: { value: '+18005550100' },
    ...changes,
  });

  const tryAnswer = (incomingCallContext: string): Promise<HttpReply> =>
    send({
      method: 'POST',
      path: '/calling/callConnections:answer',
      body: { incomingCallContext, callbackUri },
    });

  return {
    createBody,
    request: send,
    tryAnswer,
    async call(to, { from, body } = {}) {
      const source = from === undefined ? {} : { sourceCallerIdNumber: { value: from } };
      const reply = await send({
        method: 'POST',
        path: '/calling/callConnections',
        body: createBody(to, { ...source, ...body }),
      });
      return placed(expectStatus(reply, 201, 'createCall'));
    },
    async incoming() {
      const event = await inbox.next(
        'IncomingCall',
        ({ type, path }) => type === 'IncomingCall' && path.startsWith(`/${name}/`),
      );
      return String(event.data.incomingCallContext);
    },
    answer: async (context) => placed(expectStatus(await tryAnswer(context), 200, 'answerCall')),
    reject: async (incomingCallContext, callRejectReason) => {
      const body = { incomingCallContext, callRejectReason };
      return expectStatus(
        await send({ method: 'POST', path: '/calling/callConnections:reject', body }),
        204,
        'rejectCall',
      );
    },
  };
}
