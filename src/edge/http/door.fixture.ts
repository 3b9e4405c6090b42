/** A door with nothing behind it: the ports stand in for the desk, the store and the administration. */
import { createHash, createHmac } from 'node:crypto';
import type { Answer, Calls, CallView, CreateCall, Remember } from '../../app/desks/commands.ts';
import { refuse } from '../../app/desks/refusals.ts';
import type { Administration } from '../../app/ports/administration.ts';
import type { RepeatRecord } from '../../app/ports/store.ts';
import type { Trace } from '../../app/ports/trace.ts';
import type { Call, Connection } from '../../domain/call/call.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import { communicationUser, phoneNumber } from '../../domain/ids/identifier.ts';
import { defaultHttpLimits, type HttpDependencies, type RequestLine, type Resource } from './dependencies.ts';
import { createHttpServer, type HttpServer } from './server.ts';

export const key = Buffer.from('a key that is published with the tests').toString('base64');
export const secondKey = Buffer.from('the secondary of the same resource').toString('base64');
export const plainKey = Buffer.from('of a resource that administers nothing').toString('base64');
export const disabledKey = Buffer.from('of a resource that is switched off').toString('base64');
export const resource: Resource = {
  id: '1b0d3c1e-0000-4000-8000-000000000001',
  name: 'main',
  keys: [key, secondKey],
  admin: true,
};
export const plainResource: Resource = {
  id: '1b0d3c1e-0000-4000-8000-000000000002',
  name: 'other',
  keys: [plainKey],
  admin: false,
};
const disabledResource: Resource = {
  id: '1b0d3c1e-0000-4000-8000-000000000003',
  name: 'asleep',
  keys: [disabledKey],
  admin: false,
  enabled: false,
};

export const connectionId = '3f6c9a40-1111-4222-8333-444455556666';
export const correlationId = '7a1e5f60-2222-4333-8444-555566667777';
const noon = Date.parse('2026-03-12T12:00:00Z');

export function viewOf(
  command: Partial<CreateCall> = {},
  at: Connection['at'] = { phase: 'connecting' },
): CallView {
  const source =
    command.source ?? communicationUser(`8:acs:${resource.id}_00000020-0000-4000-8000-00000000000a`);
  const connection: Connection = {
    id: connectionId,
    resourceId: resource.id,
    role: 'caller',
    startedAt: noon,
    identity: source,
    callbackUri: command.callbackUri ?? 'https://app.example/callbacks',
    apiVersion: command.apiVersion ?? '2026-03-12',
    targets: command.targets ?? [phoneNumber('+15005552001')],
    source,
    ...(command.sourceCallerId === undefined ? {} : { sourceCallerId: command.sourceCallerId }),
    ...(command.operationContext === undefined ? {} : { operationContext: command.operationContext }),
    sequence: 0,
    at,
  };
  const call: Call = {
    callId: '0a0a0a0a-3333-4444-8555-666677778888',
    resourceId: command.resourceId ?? resource.id,
    correlationId,
    serverCallId: 'aHR0cHM6Ly9yaW5nYmFjaw',
    group: false,
    limits: { ring: 1, offer: 1, mediaSetup: 1, mediaLoss: 1, mediaAnswer: 1, duration: 108_000_000 },
    startedAt: noon,
    connections: { [connectionId]: connection },
    legs: {},
    offers: {},
    operations: [],
    continuous: {},
    invitations: {},
    transfers: {},
    hops: 0,
  };
  return { call, connection };
}

const missing = (): never => {
  throw new Error('this door has no such thing behind it');
};

/** Knows one call of `resource`; every command succeeds unless a test says otherwise. */
export function fakeCalls(overrides: Partial<Calls> = {}): Calls {
  const done = async <T>(ok: T, remember: Remember<T> | undefined): Promise<Answer<T>> => {
    remember?.({ ok });
    return { ok };
  };
  return {
    create: (command, remember) => done(viewOf(command), remember),
    answer: (_command, remember) =>
      done({ ...viewOf(), connection: { ...viewOf().connection, role: 'callee' } }, remember),
    reject: (_command, remember) => done(undefined, remember),
    redirect: (_command, remember) => done(undefined, remember),
    hangUp: async () => ({ ok: undefined }),
    terminate: (_command, remember) => done(undefined, remember),
    transfer: (_command, remember) => done(viewOf({}, { phase: 'connected', since: noon }), remember),
    connection: (command) => {
      if (command.connectionId === connectionId && command.resourceId === resource.id) {
        return { ok: viewOf({}, { phase: 'connected', since: noon }) };
      }
      return { refused: refuse('call-not-found', noon, `no call connection ${command.connectionId}`) };
    },
    ...overrides,
  };
}

/** One good user token; every identity command is somebody else's test. */
const fakeIdentities: HttpDependencies['identities'] = {
  judge: async (token) =>
    token === 'good'
      ? {
          userRawId: `8:acs:${resource.id}_00000020-0000-4000-8000-00000000000a`,
          resourceId: resource.id,
          scopes: ['chat', 'voip'],
          expiresAt: noon + 3_600_000,
          tokenId: 'good',
        }
      : { refused: 'expired' },
  create: missing,
  get: missing,
  issue: missing,
  revoke: missing,
  delete: missing,
  exchange: missing,
};

const fakeAdmin: Administration = {
  calls: () => [],
  timeline: () => undefined,
  explain: () => undefined,
  summary: () => undefined,
  carriers: () => [],
  messages: () => [],
  text: undefined,
  capture: () => undefined,
  subscriptions: () => [],
  subscribe: missing,
  unsubscribe: async () => false,
  validate: async () => ({ unknown: true }),
  validateManually: async () => false,
  deliveries: () => [],
  numbers: () => [],
  trunks: () => [],
  faults: () => [],
  breakPart: async () => undefined,
  mend: async () => {},
  now: () => noon,
  clockMode: () => 'real',
  advance: missing,
  dial: async () => undefined,
  endpoints: () => [],
  register: missing,
  unregister: () => false,
  token: missing,
  reload: async () => ({ changed: [] }),
  reset: async () => {},
};

export interface Door {
  readonly server: HttpServer;
  /** What it was built from. */
  readonly deps: HttpDependencies;
  readonly refused: Outcome[];
  readonly traces: Trace[];
  readonly lines: RequestLine[];
  readonly notes: string[];
  readonly bugs: unknown[];
  readonly repeats: Map<string, RepeatRecord>;
  /** What the manual clock is kept from moving on by. */
  readonly held: Set<string>;
}

export interface Changes extends Partial<Omit<HttpDependencies, 'admin' | 'limits' | 'calls'>> {
  readonly calls?: Partial<Calls>;
  readonly admin?: Partial<Administration>;
  readonly limits?: Partial<HttpDependencies['limits']>;
}

/** Whatever is asked of it, it was not to be asked. */
const absent = <T extends object>(): T => new Proxy({} as T, { get: () => missing });

export function openDoor(changes: Changes = {}): Door {
  const door = {
    refused: [] as Outcome[],
    traces: [] as Trace[],
    lines: [] as RequestLine[],
    notes: [] as string[],
    bugs: [] as unknown[],
    repeats: new Map<string, RepeatRecord>(),
    held: new Set<string>(),
  };
  const deps: HttpDependencies = {
    store: {
      repeat: (name) => door.repeats.get(name),
      remember: async (record) => void door.repeats.set(record.key, record),
    },
    rate: { use: () => 0 },
    resources: [resource, plainResource, disabledResource],
    clock: { now: () => noon, at: missing },
    quiet: {
      hold: (what) => {
        door.held.add(what);
        return () => door.held.delete(what);
      },
    },
    records: {
      fact: missing,
      participant: missing,
      operation: () => undefined,
      defect: missing,
      refused: (outcome) => void door.refused.push(outcome),
    },
    trace: { add: (trace) => void door.traces.push(trace) },
    log: {
      request: (line) => void door.lines.push(line),
      note: (message, details) => void door.notes.push(`${message}: ${JSON.stringify(details)}`),
      bug: (error) => void door.bugs.push(error),
    },
    identities: fakeIdentities,
    entra: { judge: async () => undefined },
    keys: { jwks: () => ({ keys: [] }), openIdConfiguration: () => ({ issuer: 'https://issuer.example' }) },
    health: () => ({ live: true, ready: false, not: ['the trunk carrier is down'] }),
    metrics: () => 'ringback_up 1\n',
    allowHttpCallbacks: false,
    apiVersions: 'strict',
    draining: () => false,
    ...changes,
    calls: fakeCalls(changes.calls),
    media: changes.media ?? absent(),
    participants: changes.participants ?? absent(),
    recordings: changes.recordings ?? absent(),
    recordingFiles: changes.recordingFiles ?? absent(),
    admin: { ...fakeAdmin, ...changes.admin },
    limits: { ...defaultHttpLimits, ...changes.limits },
  };
  return { ...door, deps, server: createHttpServer(deps) };
}

export interface ToSign {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly body?: string;
  readonly key?: string;
  readonly date?: string;
  readonly hash?: string;
  readonly names?: readonly string[];
  readonly ending?: string;
}

/** The headers of a request signed as the SDKs do it, or with a mistake. */
export function sign(request: ToSign): Record<string, string> {
  const {
    method,
    target,
    host,
    body = '',
    names = ['x-ms-date', 'host', 'x-ms-content-sha256'],
    ending = '',
  } = request;
  const date = request.date ?? new Date().toUTCString();
  const hash = request.hash ?? createHash('sha256').update(body).digest('base64');
  const values: Record<string, string> = { 'x-ms-date': date, date, host, 'x-ms-content-sha256': hash };
  const text = `${method}\n${target}\n${names.map((name) => values[name]).join(';')}${ending}`;
  const signature = createHmac('sha256', Buffer.from(request.key ?? key, 'base64'))
    .update(text)
    .digest('base64');
  return {
    host,
    [names.includes('date') ? 'date' : 'x-ms-date']: date,
    'x-ms-content-sha256': hash,
    authorization: `HMAC-SHA256 SignedHeaders=${names.join(';')}&Signature=${signature}`,
  };
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'OPTIONS';
  readonly path: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
  /** Replaces what signing would set. */
  readonly unsigned?: boolean;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly error: { readonly code: string; readonly message: string };
  readonly row: string | undefined;
  json<T>(): T;
}

/** One signed request without a socket. */
export async function ask(
  { server }: Pick<Door, 'server'>,
  { method = 'GET', path, body, headers = {}, key: by, unsigned = false }: Ask,
): Promise<Got> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const host = 'localhost:8080';
  const signed = unsigned
    ? { host }
    : sign({ method, target: path, host, body: text, ...(by === undefined ? {} : { key: by }) });
  const response = await server.app.inject({
    method,
    url: path,
    headers: { ...signed, ...headers, ...(text === '' ? {} : { 'content-type': 'application/json' }) },
    ...(text === '' ? {} : { payload: text }),
  });
  return {
    status: response.statusCode,
    headers: response.headers as Readonly<Record<string, string | undefined>>,
    text: response.payload,
    bytes: response.rawPayload,
    get error() {
      return (JSON.parse(response.payload) as { error: { code: string; message: string } }).error;
    },
    row: response.headers['x-ringback-row'] as string | undefined,
    json: () => JSON.parse(response.payload),
  };
}

export const version = 'api-version=2026-03-12';
export const callPath = `/calling/callConnections/${connectionId}?${version}`;
export const createPath = `/calling/callConnections?${version}`;
export const createBody = {
  targets: [{ kind: 'phoneNumber', phoneNumber: { value: '+15005552001' } }],
  sourceCallerIdNumber: { value: '+18005550100' },
  callbackUri: 'https://app.example/callbacks',
} as const;
