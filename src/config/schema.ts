/** Every key of the configuration with its default. Order and wording follow `ringback.sample.yaml`. */
import {
  type Field,
  list,
  map,
  oneOf,
  optional,
  orWord,
  required,
  type Shape,
  scalar,
  section,
  standard,
  type Values,
} from './field.ts';
import {
  accessKey,
  address,
  capabilities,
  cidr,
  count,
  duration,
  e164,
  eventType,
  flag,
  guid,
  headers,
  host,
  integer,
  limit,
  name,
  ownNumber,
  path,
  pattern,
  port,
  secret,
  text,
  url,
} from './values.ts';

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
const most = 1_000_000_000;

const speechLink = map({
  endpoint: required(url(['https:', 'http:'], 'https://speech.example.com/')),
  kind: standard(oneOf('embedded', 'azure', 'openai'), 'embedded'),
  key: optional(secret),
  speechModel: optional(text('the name of a model', 'tts-1')),
  transcriptionModel: optional(text('the name of a model', 'whisper-1')),
});

const resource = map({
  name: required(name),
  id: required(guid),
  keys: required(list(accessKey, { from: 1, to: 2, what: 'access keys' })),
  admin: standard(flag, false),
  enabled: standard(flag, true),
  cognitiveServices: standard(list(speechLink, { what: 'speech services' }), []),
});

const entraAccess = map({
  id: required(guid),
  role: standard(oneOf('contributor', 'reader'), 'contributor'),
  managedIdentity: optional(
    text(
      'the resource id of a managed identity',
      '/subscriptions/…/userAssignedIdentities/caller',
      /^\/subscriptions\/\S+$/i,
    ),
  ),
});

const number = map({
  number: required(ownNumber),
  resource: optional(name),
  kind: optional(oneOf('geographic', 'tollFree', 'mobile', 'shortCode')),
  capabilities: standard(capabilities, { calling: 'inbound+outbound', sms: 'inbound+outbound' }),
  maxConcurrentCalls: optional(limit),
  blocked: standard(flag, false),
});

const login = { user: required(text('a user name', 'acme')), password: required(secret) };

/** RFC 4028 4: no interval is shorter. */
const shortest = 90 * seconds;

const sessionTimer = map({
  expires: standard(duration('30m', shortest), 30 * minutes),
  minimum: standard(duration('90s', shortest), shortest),
  refresher: standard(oneOf('auto', 'us', 'them'), 'auto'),
});

const transfer = oneOf('refer', 'bridge', 'none');

const trunk = map({
  name: required(name),
  kind: required(oneOf('carrier', 'direct-routing')),
  host: required(host),
  port: standard(integer(1, 65535, 'a port', 5060), 5060),
  protocol: standard(oneOf('udp', 'tcp', 'tls'), 'udp'),
  serverName: optional(host),
  srv: standard(flag, false),
  credentials: optional(map({ ...login, realm: optional(text('a realm', 'sip.acme.example')) })),
  authenticate: optional(map({ ...login, realm: standard(text('a realm', 'ringback'), 'ringback') })),
  register: optional(
    map({
      aor: required(text('a SIP URI', 'sip:acme@sip.acme.example', /^sips?:[^\s@]+@[^\s@]+$/)),
      expires: standard(duration('1h'), hours),
    }),
  ),
  sessionTimer: optional(orWord('off', sessionTimer)),
  media: standard(oneOf('rtp', 'srtp', 'none'), 'rtp'),
  ice: standard(flag, false),
  transfer: optional(transfer),
  assertedIdentity: optional(flag),
  allow: standard(orWord('none', list(cidr, { what: 'IP addresses or CIDR blocks' })), []),
  maxConcurrentCallsPerNumber: optional(count),
});

const route = map({
  pattern: required(pattern),
  trunk: required(name),
  priority: standard(integer(0, most), 100),
});

export function schema(resolvePath: (text: string) => string) {
  const subscription = map({
    name: required(name),
    resource: optional(name),
    endpoint: required(url(['https:', 'http:'], 'https://localhost:3000/events')),
    events: standard(list(eventType, { what: 'event types' }), []),
    schema: standard(oneOf('eventgrid', 'cloudevents'), 'eventgrid'),
    subjectBeginsWith: optional(text('a text', '/caller/')),
    subjectEndsWith: optional(text('a text', '"+18005550100"')),
    maxDeliveryAttempts: standard(integer(1, 30), 30),
    eventTimeToLiveMinutes: standard(integer(1, 1440), 1440),
    deadLetter: optional(path('dead-letters', resolvePath)),
    headers: standard(headers, {}),
  });

  const issuer = map({
    issuer: required(url(['https:', 'http:'], 'https://login.microsoftonline.com/{tenantid}/v2.0')),
    keys: optional(url(['https:', 'http:'], 'https://login.microsoftonline.com/common/discovery/v2.0/keys')),
    certificates: optional(path('entra-authorities.pem', resolvePath)),
    audience: optional(text('an audience', 'api://ringback')),
    tenant: required(guid),
    resource: optional(name),
    accounts: standard(list(oneOf('application', 'user'), { from: 1, what: 'kinds of accounts' }), [
      'application',
      'user',
    ]),
    access: standard(list(entraAccess, { what: 'identities' }), []),
  });

  return {
    profile: standard(oneOf('development', 'production'), 'development'),
    data: standard(path('.ringback', resolvePath), '.ringback'),
    memory: standard(flag, false),
    host: standard(host, 'localhost'),
    httpsPort: standard(port(8443), 8443),
    httpPort: standard(port(8080), 8080),
    sipPort: standard(port(5060), 5060),
    clock: standard(oneOf('real', 'manual'), 'real'),
    allowHttpCallbacks: standard(flag, false),
    tls: optional(
      map({
        cert: required(path('server.pem', resolvePath)),
        key: required(path('server.key', resolvePath)),
      }),
    ),
    publicEndpoint: optional(url(['https:', 'http:'], 'https://calls.example.org/')),
    apiVersions: standard(oneOf('strict', 'lenient'), 'strict'),
    durability: standard(oneOf('normal', 'full'), 'normal'),
    retention: standard(duration('30d'), 30 * 24 * hours),
    drainTimeout: standard(duration('5s'), 5 * seconds),
    resources: optional(list(resource, { from: 1, what: 'resources' })),
    entra: standard(list(issuer, { what: 'issuers' }), []),
    numbers: optional(list(number, { what: 'numbers' })),
    numberRanges: optional(list(map({ from: required(e164), to: required(e164) }), { what: 'ranges' })),
    trunks: standard(list(trunk, { what: 'trunks' }), []),
    routes: standard(list(route, { what: 'routes' }), []),
    sipRouting: section({
      protocol: standard(oneOf('udp', 'tcp', 'tls'), 'udp'),
      media: standard(oneOf('rtp', 'srtp'), 'rtp'),
    }),
    destinations: section({
      allow: standard(
        list(text('a country prefix such as +44', '"+44"', /^\+[1-9]\d{0,6}$/), { what: 'country prefixes' }),
        [],
      ),
    }),
    carrier: section({ simulated: optional(flag), transfer: standard(transfer, 'bridge') }),
    subscriptions: standard(list(subscription, { what: 'subscriptions' }), []),
    media: section({
      rtpPorts: standard(
        list(integer(1024, 65535, 'a port', 20000), {
          from: 2,
          to: 2,
          what: 'ports, the first and the last',
        }),
        [20000, 29999],
      ),
      address: optional(address),
      setupLimit: standard(duration('20s'), 20 * seconds),
      lossLimit: standard(duration('120s'), 120 * seconds),
      heartbeatLimit: standard(duration('5s'), 5 * seconds),
      processes: standard(integer(1, 256), 1),
    }),
    limits: section({
      bodyBytes: standard(integer(1024, most), 1_048_576),
      bodyTimeout: standard(duration('20s'), 20 * seconds),
      requestsPerSecond: standard(limit, undefined),
      createCallsPerSecond: standard(limit, undefined),
      activeCalls: standard(limit, undefined),
      activeRecordings: standard(limit, undefined),
      callsPerMonth: standard(limit, undefined),
      concurrentRequests: standard(limit, undefined),
      identityRates: standard(oneOf('documented', 'none'), 'documented'),
      maxCallDuration: standard(duration('30h'), 30 * hours),
    }),
    chat: section({
      participants: standard(integer(2, 10_000), 250),
      messageBytes: standard(integer(1, most), 28_672),
      pageSize: standard(integer(1, 1000), 200),
      noticesUpTo: standard(integer(0, 10_000), 20),
      rates: standard(oneOf('documented', 'none'), 'documented'),
      devices: standard(integer(1, 100_000), 50),
      unconfirmedNotifications: standard(integer(1, 1_000_000), 1000),
    }),
    callRinging: section({
      pstn: standard(duration('115s'), 115 * seconds),
      offer: standard(duration('120s'), 120 * seconds),
    }),
    sip: section({
      tls: optional(
        map({
          port: standard(port(5061), 5061),
          cert: required(path('sip.pem', resolvePath)),
          key: required(path('sip.key', resolvePath)),
          caFile: optional(path('sip-ca.pem', resolvePath)),
          clientCertificates: standard(oneOf('none', 'required'), 'none'),
        }),
      ),
      t1: standard(duration('500ms'), 500),
      t2: standard(duration('4s'), 4 * seconds),
      t4: standard(duration('5s'), 5 * seconds),
      healthInterval: standard(duration('30s'), 30 * seconds),
    }),
    outbound: section({
      allow: standard(list(cidr, { what: 'IP addresses or CIDR blocks' }), []),
      caFile: optional(path('partner-ca.pem', resolvePath)),
      answerWithin: standard(duration('30s'), 30 * seconds),
    }),
    compat: section({
      code560487: standard(
        scalar({
          expected: '487 or 497',
          example: '487',
          parse: (found) => (found === '487' ? 487 : found === '497' ? 497 : undefined),
        }) as Field<487 | 497>,
        487,
      ),
    }),
  } as const satisfies Shape;
}

export type RawConfig = Values<ReturnType<typeof schema>>;

/** All keys, dotted, with `[]` for the items of a list. */
export function keysOf(shape: Shape, prefix = ''): readonly string[] {
  return Object.entries(shape).flatMap(([key, { field }]) => [
    `${prefix}${key}`,
    ...keysBelow(field, `${prefix}${key}`),
  ]);
}

function keysBelow(field: Field<unknown>, key: string): readonly string[] {
  if (field.keys) return keysOf(field.keys, `${key}.`);
  return field.item ? keysBelow(field.item, `${key}[]`) : [];
}
