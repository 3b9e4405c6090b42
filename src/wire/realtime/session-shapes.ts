/** What the official client asks of the session and registrar services, and what it is answered (`reference/chat.md` §6). */
import { type Decoded, invalid } from '../rest/decoded.ts';

export const realtimeConfiguration = (origin: string) => ({
  trouterServiceUrl: origin,
  registrarServiceUrl: origin,
  cloudType: 'public',
});

/** What a client shows to come back to its session. */
export interface ReconnectParameters {
  readonly sessionId: string;
  readonly signature: string;
}

export interface GrantedSession extends ReconnectParameters {
  /** Milliseconds that the client may come back within. */
  readonly ttlMs: number;
  readonly createdAt: number;
}

/** `origin` without a slash at its end, as the client reached us. */
export function encodeSession(origin: string, { sessionId, signature, ttlMs, createdAt }: GrantedSession) {
  const host = new URL(origin).host;
  return {
    // Only its origin is used, and it must end with a slash.
    socketio: `${origin}/`,
    surl: `https://${host}/v4/f/${sessionId}/`,
    url: `https://${host}/v4/c/${sessionId}/`,
    ttl: String(Math.floor(ttlMs / 1000)),
    ccid: sessionId,
    id: sessionId,
    healthUrl: `${origin}/health/ready`,
    curlb: origin,
    connectparams: {
      sr: sessionId,
      issuer: 'ringback',
      sp: 'connect',
      // The client drops what expires within its next hour.
      se: String(createdAt + ttlMs),
      st: String(createdAt),
      sig: signature,
    },
  };
}

/** Undefined: the query names no session. */
export function decodeReconnect(query: URLSearchParams): ReconnectParameters | undefined {
  const [sessionId, signature] = [query.get('sr'), query.get('sig')];
  return sessionId === null || signature === null ? undefined : { sessionId, signature };
}

export interface Registration {
  readonly registrationId: string;
  readonly sessionId: string;
  readonly ttlMs: number;
}

const longestMs = 7 * 24 * 60 * 60 * 1000;

/** `{registrationId, transports: {TROUTER: [{path, ttl}]}}`; `path` is the session's `surl`, `ttl` counts seconds. */
export function decodeRegistration(body: unknown): Decoded<Registration> {
  const { registrationId, transports } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof registrationId !== 'string' || !/^[\w-]{1,100}$/.test(registrationId))
    return invalid('registrationId', 'It must be an id of letters, digits and dashes (1 to 100 of them).');
  const trouter = (transports as { readonly TROUTER?: unknown } | null | undefined)?.TROUTER;
  const { path, ttl } = (Array.isArray(trouter) ? (trouter[0] ?? {}) : {}) as Readonly<
    Record<string, unknown>
  >;
  const [, sessionId] =
    (typeof path === 'string' && /^https:\/\/[^/]+\/v4\/f\/([\w-]{1,100})\/$/.exec(path)) || [];
  if (sessionId === undefined)
    return invalid('transports.TROUTER[0].path', 'It must be the surl that the session was given.');
  if (typeof ttl !== 'number' || !Number.isFinite(ttl) || ttl <= 0)
    return invalid('transports.TROUTER[0].ttl', 'It must be a number of seconds above 0.');
  return { ok: { registrationId, sessionId, ttlMs: Math.min(ttl * 1000, longestMs) }, ignored: [] };
}

/** Id, seconds between heartbeats, seconds until it is closed, transports. */
export const encodeHandshake = (socketId: string, heartbeatSeconds: number): string =>
  `${socketId}:${heartbeatSeconds}:${heartbeatSeconds}:websocket,xhr-polling`;
