/** The SIP routing API: its versions, bodies, answers and errors. */
import type {
  SipChange,
  SipConfiguration,
  SipDomain,
  SipFault,
  SipRoute,
  SipTrunk,
} from '../../domain/numbers/sip-configuration.ts';
import { type Decoded, invalid, isObject, present, type Take, unsupported } from './decoded.ts';
import { Fields, flag, listOf, type Model, oneOf, opaque, text } from './fields.ts';

/** Stable first. */
export const sipRoutingVersions = ['2023-03-01', '2024-11-15-preview', '2023-04-01-preview'] as const;
/** Those with domains, with trunks that can be switched off and tell their health, and with a test of routes. */
export const richSipVersions: readonly string[] = sipRoutingVersions.slice(1);

const isRich = (version: string): boolean => richSipVersions.includes(version);
const hasTransfer = (version: string): boolean => version === '2024-11-15-preview';

const mostEntries = 500;

function mapOf<T>(take: Take<T>): Take<Readonly<Record<string, T>>> {
  return (value, field) => {
    if (!isObject(value)) return invalid(field, 'It must be an object with an entry for each name.');
    const entries = Object.entries(value);
    if (entries.length > mostEntries) return invalid(field, `It may have ${mostEntries} entries.`);
    const read: [string, T][] = [];
    for (const [name, entry] of entries) {
      const taken = take(entry, `${field}.${name.slice(0, 249)}`);
      if ('fault' in taken) return taken;
      read.push([name, taken.ok]);
    }
    return { ok: Object.fromEntries(read) };
  };
}

const orNull =
  <T>(take: Take<T>): Take<T | null> =>
  (value, field) =>
    value === null ? { ok: null } : take(value, field);

const domain: Take<Partial<SipDomain>> = (value, field) => {
  const fields = new Fields(value, { enabled: 'served' }, `${field}.`);
  const enabled = fields.optional('enabled', flag);
  return fields.result(() => present({ enabled }));
};

/** Any number: what is no port is refused in the words of a configuration. */
const port: Take<number> = (value, field) =>
  typeof value === 'number' ? { ok: value } : invalid(field, 'It must be a number.');

/** What a later version may say of a trunk and this server does in one way only. */
function onlyWay<T>(take: Take<T>, way: T): Take<T> {
  return (value, field) => {
    const taken = take(value, field);
    return 'fault' in taken || taken.ok === way
      ? taken
      : unsupported(field, `is served as ${JSON.stringify(way)} only`);
  };
}

const trunk =
  (version: string): Take<Partial<SipTrunk>> =>
  (value, field) => {
    const model: Model = {
      sipSignalingPort: 'served',
      ...(isRich(version) ? { enabled: 'served', health: 'served' } : {}),
      ...(hasTransfer(version)
        ? { directTransfer: 'served', privacyHeader: 'served', ipAddressVersion: 'served' }
        : {}),
    };
    const fields = new Fields(value, model, `${field}.`);
    const number = fields.optional('sipSignalingPort', port);
    const enabled = isRich(version) ? fields.optional('enabled', flag) : undefined;
    if (hasTransfer(version)) {
      fields.optional('directTransfer', onlyWay(flag, false));
      fields.optional('privacyHeader', onlyWay(oneOf('none', 'id'), 'none'));
      fields.optional('ipAddressVersion', onlyWay(oneOf('ipv4', 'ipv6'), 'ipv4'));
    }
    return fields.result(() => present({ port: number, enabled }));
  };

const routeModel: Model = {
  description: 'served',
  name: 'served',
  numberPattern: 'served',
  trunks: 'served',
};

const route =
  (version: string): Take<SipRoute> =>
  (value, field) => {
    const model = hasTransfer(version) ? { ...routeModel, callerIdOverride: 'refused' as const } : routeModel;
    const fields = new Fields(value, model, `${field}.`);
    const name = fields.required('name', text({ max: 256 }));
    const description = fields.optional('description', opaque(1024));
    const numberPattern = fields.required('numberPattern', text({ max: 1024 }));
    const trunks = fields.optional('trunks', listOf(text({ max: 249 }), { max: 250 }));
    return fields.result(() => ({
      name: name!,
      numberPattern: numberPattern!,
      trunks: trunks ?? [],
      ...present({ description }),
    }));
  };

const model = (version: string): Model => ({
  trunks: 'served',
  routes: 'served',
  ...(isRich(version) ? { domains: 'served' } : {}),
});

export function decodeSipChange(body: unknown, version: string): Decoded<SipChange> {
  const fields = new Fields(body ?? {}, model(version));
  const domains = isRich(version) ? fields.optional('domains', mapOf(orNull(domain))) : undefined;
  const trunks = fields.optional('trunks', mapOf(orNull(trunk(version))));
  const routes = fields.optional('routes', listOf(route(version), { max: 250 }));
  return fields.result(() => present({ domains, trunks, routes }));
}

/** Undefined: none was sent, so that of the resource is meant. */
export function decodeSipConfiguration(
  body: unknown,
  version: string,
): Decoded<SipConfiguration | undefined> {
  if (body === undefined) return { ok: undefined, ignored: [] };
  const fields = new Fields(body, model(version));
  const domains = fields.optional('domains', mapOf(domain));
  const trunks = fields.optional('trunks', mapOf(trunk(version)));
  const routes = fields.optional('routes', listOf(route(version), { max: 250 }));
  const all = <T, U>(entries: Readonly<Record<string, T>> | undefined, complete: (entry: T) => U) =>
    Object.fromEntries(
      Object.entries(entries ?? {}).map(([name, entry]) => [name, complete(entry)] as const),
    );
  return fields.result(() => ({
    domains: all(domains, ({ enabled = true }) => ({ enabled })),
    trunks: all(trunks, ({ port: number = 0, enabled = true }) => ({ port: number, enabled })),
    routes: routes ?? [],
  }));
}

export interface Health {
  readonly state: 'up' | 'down' | 'unknown';
  readonly tls: boolean;
}

/** OPTIONS that we send stand for both directions; certificates are looked at when a connection is made. */
function encodeHealth({ state, tls }: Health): object {
  const ping = { up: 'ok', down: 'error', unknown: 'unknown' }[state];
  const overall = { up: 'active', down: 'inactive', unknown: 'unknown' }[state];
  return {
    tls: { status: tls && state === 'up' ? 'ok' : 'unknown' },
    ping: { status: ping },
    overall: { status: overall, ...(state === 'down' ? { reason: 'noRecentPings' } : {}) },
  };
}

export const encodeRoute = ({ name, description, numberPattern, trunks }: SipRoute): object => ({
  ...present({ description }),
  name,
  numberPattern,
  trunks,
});

/** `healthOf`: of each trunk, where it was asked for. */
export function encodeSipConfiguration(
  { domains, trunks, routes }: SipConfiguration,
  version: string,
  healthOf?: (fqdn: string) => Health,
): object {
  const rich = isRich(version);
  const shown = Object.entries(trunks).map(([fqdn, { port: number, enabled }]) => [
    fqdn,
    {
      sipSignalingPort: number,
      ...(rich ? { enabled } : {}),
      ...(hasTransfer(version)
        ? { directTransfer: false, privacyHeader: 'none', ipAddressVersion: 'ipv4' }
        : {}),
      ...(healthOf ? { health: encodeHealth(healthOf(fqdn)) } : {}),
    },
  ]);
  return {
    ...(rich ? { domains } : {}),
    trunks: Object.fromEntries(shown),
    routes: routes.map(encodeRoute),
  };
}

/** What is wrong stands inside, as the service has it. */
export const encodeSipFault = ({ code, message, target }: SipFault): object => ({
  error: {
    code: 'UnprocessableConfiguration',
    message: 'The configuration was not changed: as it was asked for, it cannot be.',
    innererror: { code, message, ...(target === '' ? {} : { target }) },
  },
});
