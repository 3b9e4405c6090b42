/** The bodies of the admin API (`docs/surfaces/admin.md`). Unlike ACS it refuses a field that it does not know. */
import {
  type Fault as BrokenPart,
  type EndpointStatus,
  endpointBehaviours,
  type SubscriptionDefinition,
} from '../../../app/ports/administration.ts';
import { scopes as knownScopes, type Scope } from '../../../app/ports/identities.ts';
import { callbackUri } from '../../../wire/rest/callback-uri.ts';
import { type Decoded, invalid, isObject, jsonKind, present, type Take } from '../../../wire/rest/decoded.ts';
import { Fields, listOf, type Model, oneOf, opaque, text, wholeNumber } from '../../../wire/rest/fields.ts';

function strict<T>(decoded: Decoded<T>): Decoded<T> {
  const unknown = 'ok' in decoded ? decoded.ignored[0] : undefined;
  return unknown === undefined ? decoded : invalid(unknown, 'No such field is known here.');
}

const served = <const K extends string>(...names: readonly K[]): Model =>
  Object.fromEntries(names.map((name) => [name, 'served']));

const subscriptionModel = served(
  'name',
  'endpoint',
  'events',
  'schema',
  'resource',
  'subjectBeginsWith',
  'subjectEndsWith',
  'maxDeliveryAttempts',
  'eventTimeToLiveMinutes',
  'deadLetter',
  'headers',
);

const name = text({
  max: 64,
  like: [/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dot, hyphen and underscore'],
});
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

const headers: Take<Readonly<Record<string, string>>> = (value, field) => {
  if (!isObject(value)) return invalid(field, `It must be an object and is ${jsonKind(value)}.`);
  for (const [key, content] of Object.entries(value)) {
    if (!headerName.test(key)) return invalid(field, `${JSON.stringify(key)} is not a header name.`);
    const line = text({ max: 4096 })(content, `${field}.${key}`);
    if ('fault' in line) return line;
  }
  return { ok: value as Readonly<Record<string, string>> };
};

export function decodeSubscription(
  body: unknown,
  policy: { readonly allowHttpCallbacks: boolean },
): Decoded<SubscriptionDefinition> {
  const fields = new Fields(body, subscriptionModel);
  const ownName = fields.required('name', name);
  const endpoint = fields.required('endpoint', callbackUri(policy));
  const optional = {
    events: fields.optional('events', listOf(text({ max: 128 }), { min: 1, max: 64 })),
    schema: fields.optional('schema', oneOf('eventgrid', 'cloudevents')),
    resource: fields.optional('resource', text({ max: 128 })),
    subjectBeginsWith: fields.optional('subjectBeginsWith', text()),
    subjectEndsWith: fields.optional('subjectEndsWith', text()),
    // Event Grid's own ranges.
    maxDeliveryAttempts: fields.optional('maxDeliveryAttempts', wholeNumber(1, 30)),
    eventTimeToLiveMinutes: fields.optional('eventTimeToLiveMinutes', wholeNumber(1, 1440)),
    deadLetter: fields.optional('deadLetter', text({ max: 4096 })),
    headers: fields.optional('headers', headers),
  };
  return strict(fields.result(() => ({ name: ownName!, endpoint: endpoint!, ...present(optional) })));
}

export interface DialBody {
  readonly from: string;
  readonly to: string;
  readonly forMs?: number;
}

const number = text({
  max: 32,
  like: [/^\+[1-9]\d{7,14}$/, 'a phone number in E.164 form: + and 8 to 15 digits'],
});

const endpointModel = served('user', 'does');

export function decodeEndpoint(body: unknown): Decoded<EndpointStatus> {
  const fields = new Fields(body, endpointModel);
  const user = fields.required(
    'user',
    text({ max: 512, like: [/^8:acs:[^\s_]+_\S+$/, 'a raw id: 8:acs:…'] }),
  );
  const does = fields.optional('does', oneOf(...endpointBehaviours));
  return strict(fields.result(() => ({ user: user!, does: does ?? 'rings' })));
}

export function decodeDial(body: unknown): Decoded<DialBody> {
  const fields = new Fields(body, served('from', 'to', 'forSeconds'));
  const from = fields.required('from', number);
  const to = fields.required('to', number);
  const seconds = fields.optional('forSeconds', wholeNumber(0, 86_400));
  return strict(
    fields.result(() => ({
      from: from!,
      to: to!,
      ...(seconds === undefined ? {} : { forMs: seconds * 1000 }),
    })),
  );
}

export interface HandsetText {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

const handset = text({ max: 32, like: [/^\+?\d{3,15}$/, 'a phone number or a short code'] });

export function decodeHandsetText(body: unknown): Decoded<HandsetText> {
  const fields = new Fields(body, served('from', 'to', 'text'));
  const from = fields.required('from', handset);
  const to = fields.required('to', handset);
  const says = fields.required('text', opaque(10_000));
  return strict(fields.result(() => ({ from: from!, to: to!, text: says! })));
}

export interface TokenBody {
  readonly user: string;
  readonly scopes: readonly Scope[];
  readonly minutes: number;
}

export function decodeToken(body: unknown): Decoded<TokenBody> {
  const fields = new Fields(body, served('user', 'scopes', 'minutes'));
  const user = fields.required(
    'user',
    text({ max: 256, like: [/^\S+$/, 'a raw id, or a name to make one for'] }),
  );
  const scope = oneOf(...knownScopes);
  const scopes = fields.required('scopes', listOf(scope, { min: 1, max: 5 }));
  const minutes = fields.optional('minutes', wholeNumber(1, 1440));
  return strict(fields.result(() => ({ user: user!, scopes: scopes!, minutes: minutes ?? 1440 })));
}

const faults = [
  'store-locked',
  'store-full',
  'store-lost',
  'media-stopped',
  'media-killed',
  'media-deaf',
] as const satisfies readonly BrokenPart[];
true satisfies [Exclude<BrokenPart, (typeof faults)[number]>] extends [never] ? true : false;

export const knownFaults: readonly BrokenPart[] = faults;
export const isKnownFault = (text: string): text is BrokenPart => faults.some((fault) => fault === text);

export function decodeFault(body: unknown): Decoded<BrokenPart> {
  const fields = new Fields(body, served('fault'));
  const fault = fields.required('fault', oneOf(...faults));
  return strict(fields.result(() => fault!));
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAYS_366 = 366 * 86_400_000;

/** `90s`, `1m30s`, `250ms`, `2h`. */
export const takeDuration: Take<number> = (value, field) => {
  const why = 'It must be a duration such as 250ms, 90s, 1m30s or 2h, of at most 366d.';
  if (typeof value !== 'string' || value.length > 32 || !/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(value))
    return invalid(field, why);
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  return total <= DAYS_366 ? { ok: Math.round(total) } : invalid(field, why);
};

export function decodeAdvance(body: unknown): Decoded<number> {
  const fields = new Fields(body, served('ms', 'duration'));
  const ms = fields.optional('ms', wholeNumber(0, DAYS_366));
  const duration = fields.optional('duration', takeDuration);
  const read = strict(fields.result(() => ms ?? duration));
  if ('fault' in read) return read;
  if (ms !== undefined && duration !== undefined) return invalid('duration', 'Give either ms or duration.');
  return read.ok === undefined ? invalid('duration', 'Give ms or duration.') : { ok: read.ok, ignored: [] };
}
