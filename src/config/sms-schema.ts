/** The keys of texts, with their defaults. */
import { list, map, oneOf, optional, required, section, standard } from './field.ts';
import {
  boundOrNone,
  duration,
  flag,
  host,
  integer,
  limit,
  name,
  path,
  pattern,
  secret,
  text,
} from './values.ts';

const seconds = 1000;
const hours = 3600 * seconds;

/** SMPP 3.4, 5.2: C-octet strings of a bounded length. */
const octets = (what: string, example: string, most: number) =>
  text(`${what} of at most ${most} ASCII characters`, example, new RegExp(`^[ -~]{1,${most}}$`));

/** Of one of our numbers. */
export const numberSms = {
  entitled: standard(flag, true),
  verified: standard(flag, true),
  perDay: standard(boundOrNone, undefined),
  volume: standard(boundOrNone, undefined),
} as const;

const smsSenders = oneOf('e164', 'short-code', 'alphanumeric');

export const everySender = ['e164', 'short-code', 'alphanumeric'] as const;

export function smsSection(resolvePath: (text: string) => string) {
  const carrier = map({
    name: required(name),
    host: required(host),
    port: standard(integer(1, 65535, 'a port', 2775), 2775),
    systemId: required(octets('a system_id', 'acme', 15)),
    password: required(secret),
    systemType: standard(octets('a system_type', 'SMPP', 12), ''),
    bind: standard(oneOf('transceiver', 'pair'), 'transceiver'),
    tls: optional(
      map({
        caFile: optional(path('carrier-ca.pem', resolvePath)),
        serverName: optional(host),
        certFile: optional(path('client.pem', resolvePath)),
        keyFile: optional(path('client.key', resolvePath)),
      }),
    ),
    window: standard(integer(1, 1000), 10),
    submitsPerSecond: standard(limit, undefined),
    enquireLink: standard(duration('30s'), 30 * seconds),
    answerWithin: standard(duration('10s', 100), 10 * seconds),
  });

  const route = map({
    senders: standard(list(smsSenders, { from: 1, what: 'kinds of senders' }), everySender),
    pattern: required(pattern),
    carrier: required(name),
    priority: standard(integer(0, 1_000_000_000), 100),
    receipts: standard(oneOf('yes', 'none'), 'yes'),
    optOutError: optional(text('three digits', '"070"', /^\d{3}$/)),
  });

  const reply = optional(text('a text', 'You will get no more texts.', /^[^\p{Cc}]{1,2048}$/u));

  return section({
    simulated: optional(flag),
    rates: standard(oneOf('documented', 'none'), 'documented'),
    reportTimeout: standard(duration('12h', 60 * seconds), 12 * hours),
    fraud: section({
      messages: standard(boundOrNone, undefined),
      within: standard(duration('1h', seconds), hours),
    }),
    unverifiedPerDay: standard(integer(0, 1_000_000_000), 0),
    tries: standard(integer(1, 100), 5),
    firstRetry: standard(duration('1s', 1), seconds),
    longestRetry: standard(duration('60s', 1), 60 * seconds),
    partsWithin: standard(duration('1h', seconds), hours),
    replies: section({ stop: reply, start: reply, help: reply }),
    carriers: standard(list(carrier, { what: 'carriers' }), []),
    routes: standard(list(route, { what: 'routes' }), []),
  });
}
