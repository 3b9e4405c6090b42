/** Real-time notifications: configuration, sessions, handshake, polls and registrations (`reference/chat.md` §6). */
import { ruledByChat } from '../../app/desks/chat-refusals.ts';
import { refuse } from '../../app/desks/refusals.ts';
import type { TokenHolder } from '../../app/ports/identities.ts';
import type { RealtimeSessions, SessionRefusal } from '../../app/ports/realtime.ts';
import {
  decodeReconnect,
  decodeRegistration,
  encodeHandshake,
  encodeSession,
  realtimeConfiguration,
} from '../../wire/realtime/session-shapes.ts';
import { encodeChatError } from '../../wire/rest/chat-error.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, originOf, queryOf, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

export const realtimeVersions = ['2024-09-01'] as const;

/** The client takes a poll for broken after 42 s without an answer. */
const pollMs = 40_000;
const retryAfterMs = 60_000;
const text = (body: string): Reply => ({ status: 200, body, type: 'text/plain; charset=utf-8' });

function holderOf(x: Exchange): TokenHolder {
  if (!x.user) throw new Error(`${x.operation?.name} ran without a user`);
  const { rawId: userRawId, ...rest } = x.user;
  return { userRawId, ...rest };
}

export function realtime(
  deps: HttpDependencies & { readonly realtime: RealtimeSessions },
): readonly Operation[] {
  const { clock, realtime: sessions } = deps;
  const bodies = createBodies(deps);

  const refused = (why: SessionRefusal): Reply => {
    const at = clock.now();
    if (why.refused === 'unknown') {
      const detail = 'this user has no such session; ask for a new one with POST /v4/a';
      return refusal(refuse('no-such-path', at, detail));
    }
    const detail = `this user has ${why.limit} devices connected, as many as it may (chat.devices); disconnect one of them`;
    return refusal(refuse('too-many-requests', at, detail), { retryAfterMs });
  };

  const operation = (
    name: string,
    method: Operation['method'],
    path: string,
    run: Operation['run'],
    versions?: readonly string[],
  ): Operation => ({
    name,
    method,
    path,
    access: 'user',
    scopes: ['chat', 'chat.join', 'chat.join.limited'],
    versioned: versions !== undefined,
    ...(versions ? { versions } : {}),
    repeatable: false,
    // The handshake and the polls ask for no particular type and are answered with text.
    produces: 'text/plain',
    refusals: { rule: ruledByChat, body: encodeChatError },
    run,
  });

  const open: Operation['run'] = (x) => {
    const session = sessions.open(holderOf(x), decodeReconnect(queryOf(x)));
    return 'refused' in session ? refused(session) : json(200, encodeSession(originOf(x), session));
  };

  const handshake: Operation['run'] = (x) => {
    const returning = decodeReconnect(queryOf(x));
    const offered = returning ? sessions.handshake(holderOf(x), returning) : { refused: 'unknown' as const };
    if ('refused' in offered) return refused(offered);
    return text(encodeHandshake(offered.socketId, offered.heartbeatSeconds));
  };

  const poll: Operation['run'] = async (x) => {
    const polled = await sessions.poll(holderOf(x), x.params[0] ?? '', pollMs);
    return 'refused' in polled ? refused(polled) : text(polled.frames);
  };

  const take: Operation['run'] = (x) => {
    const fault = sessions.take(holderOf(x), x.params[0] ?? '', x.body.toString());
    return fault ? refused(fault) : text('1');
  };

  const register: Operation['run'] = (x) => {
    const body = bodies(x, decodeRegistration);
    if ('reply' in body) return body.reply;
    const fault = sessions.register(holderOf(x), body.ok);
    return fault ? refused(fault) : json(200, { registrationId: body.ok.registrationId });
  };

  const unregister: Operation['run'] = (x) => {
    sessions.unregister(holderOf(x), x.params[0] ?? '');
    return json(200, {});
  };

  const configuration: Operation['run'] = (x) => json(200, realtimeConfiguration(originOf(x)));
  const polled = '/socket.io/1/xhr-polling/{id}';
  return [
    operation(
      'get real-time configuration',
      'GET',
      '/chat/config/realTimeNotifications',
      configuration,
      realtimeVersions,
    ),
    operation('open real-time session', 'POST', '/v4/a', open),
    operation('real-time handshake', 'GET', '/socket.io/1/', handshake),
    operation('poll notifications', 'GET', polled, poll),
    operation('answer notifications', 'POST', polled, take),
    operation('register for notifications', 'POST', '/v3/registrations', register),
    operation('end a registration', 'DELETE', '/v3/registrations/{id}', unregister),
    {
      // Where the client looks whether the service is there at all.
      name: 'real-time service',
      method: 'GET',
      path: '/',
      access: 'open',
      versioned: false,
      repeatable: false,
      produces: 'text/plain',
      run: () => ({ status: 200, body: 'Trouter', type: 'text/plain' }),
    },
  ];
}
