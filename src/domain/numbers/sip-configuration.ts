/** What a resource sets through the SIP routing API: domains, trunks of its own, and which numbers go where. */
import { matchesNumber, parseNumberPattern } from './number-pattern.ts';

export interface SipDomain {
  readonly enabled: boolean;
}

export interface SipTrunk {
  readonly port: number;
  /** Calls are placed and taken over it. */
  readonly enabled: boolean;
}

export interface SipRoute {
  readonly name: string;
  readonly description?: string;
  readonly numberPattern: string;
  /** Fully qualified domain names, in the order in which they are tried. */
  readonly trunks: readonly string[];
}

type Named<T> = Readonly<Record<string, T>>;

export interface SipConfiguration {
  readonly domains: Named<SipDomain>;
  readonly trunks: Named<SipTrunk>;
  /** In order of priority. */
  readonly routes: readonly SipRoute[];
}

/** RFC 7396: null takes away, what is absent stays; routes are replaced as a whole. */
export interface SipChange {
  readonly domains?: Named<Partial<SipDomain> | null>;
  readonly trunks?: Named<Partial<SipTrunk> | null>;
  readonly routes?: readonly SipRoute[];
}

/** `code`: as the service calls what is wrong with a configuration. */
export interface SipFault {
  readonly code:
    | 'EmptyPatch'
    | 'InvalidDomain'
    | 'DomainInUse'
    | 'InvalidTrunkFqdn'
    | 'InvalidTrunkSipSignalingPort'
    | 'TooManyTrunks'
    | 'TooManyDomains'
    | 'InvalidRouteName'
    | 'InvalidRouteNumberPattern'
    | 'DuplicatedRoute'
    | 'MissingTrunk';
  readonly target: string;
  readonly message: string;
}

type Changed = { readonly ok: SipConfiguration } | { readonly fault: SipFault };

export const emptySipConfiguration: SipConfiguration = { domains: {}, trunks: {}, routes: [] };

const most = 250;
const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** A name of at least two labels, and no address. */
export function isFqdn(name: string): boolean {
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  return (
    name.length <= 249 && labels.length > 1 && labels.every((each) => label.test(each)) && !/^\d+$/.test(last)
  );
}

const isWithin = (fqdn: string, domain: string): boolean =>
  fqdn.toLowerCase() === domain.toLowerCase() || fqdn.toLowerCase().endsWith(`.${domain.toLowerCase()}`);

export function changeSipConfiguration(before: SipConfiguration, change: SipChange): Changed {
  if (Object.keys({ ...change.domains, ...change.trunks }).length === 0 && change.routes === undefined)
    return fault(
      'EmptyPatch',
      '',
      'The request changes nothing: it names no domain, no trunk and no routes.',
    );
  const domains = merged(before.domains, change.domains, ({ enabled = true }) => ({ enabled }));
  const trunks = merged(before.trunks, change.trunks, ({ port = 0, enabled = true }) => ({ port, enabled }));
  const after: SipConfiguration = { domains, trunks, routes: change.routes ?? before.routes };
  const found = faultOf(after, before);
  return found ? { fault: found } : { ok: after };
}

function merged<T extends object>(
  before: Named<T>,
  change: Named<Partial<T> | null> = {},
  complete: (value: Partial<T>) => T,
): Named<T> {
  const kept = Object.entries({ ...before, ...change }).flatMap(([name, value]) =>
    value === null ? [] : [[name, complete({ ...before[name], ...value })] as const],
  );
  return Object.fromEntries(kept);
}

const fault = (code: SipFault['code'], target: string, message: string): { readonly fault: SipFault } => ({
  fault: { code, target, message },
});

/** What is wrong with it as a whole; `before`: what was in force, to tell why a name is missing. */
export function faultOf(
  configuration: SipConfiguration,
  before = emptySipConfiguration,
): SipFault | undefined {
  return domainFault(configuration, before) ?? trunkFault(configuration) ?? routeFault(configuration);
}

function domainFault({ domains, trunks }: SipConfiguration, before: SipConfiguration): SipFault | undefined {
  const names = Object.keys(domains);
  if (names.length > most) return fault('TooManyDomains', 'domains', `There may be ${most} domains.`).fault;
  const bad = names.find((name) => !isFqdn(name));
  if (bad !== undefined) return fault('InvalidDomain', `domains.${bad}`, `"${bad}" is no domain name.`).fault;
  const gone = Object.keys(before.domains).filter((name) => !Object.hasOwn(domains, name));
  for (const domain of gone) {
    const inUse = Object.keys(trunks).find((fqdn) => isWithin(fqdn, domain));
    if (inUse !== undefined) {
      const message = `The trunk ${inUse} lies in it: take the trunk away before or with its domain.`;
      return fault('DomainInUse', `domains.${domain}`, message).fault;
    }
  }
  return undefined;
}

function trunkFault({ trunks }: SipConfiguration): SipFault | undefined {
  const fqdns = Object.keys(trunks);
  if (fqdns.length > most) return fault('TooManyTrunks', 'trunks', `There may be ${most} trunks.`).fault;
  for (const fqdn of fqdns) {
    const target = `trunks.${fqdn}`;
    if (!isFqdn(fqdn)) {
      const message = `"${fqdn}" is no fully qualified domain name, such as sbc.example.com; addresses are not taken.`;
      return fault('InvalidTrunkFqdn', target, message).fault;
    }
    const twin = fqdns.find((other) => other !== fqdn && other.toLowerCase() === fqdn.toLowerCase());
    if (twin !== undefined)
      return fault('InvalidTrunkFqdn', target, `${fqdn} and ${twin} are the same name.`).fault;
    const port = trunks[fqdn]?.port ?? 0;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      const message = `The port of ${fqdn} must be a whole number from 1 to 65535.`;
      return fault('InvalidTrunkSipSignalingPort', `${target}.sipSignalingPort`, message).fault;
    }
  }
  return undefined;
}

function routeFault({ routes, trunks }: SipConfiguration): SipFault | undefined {
  for (const [i, { name, numberPattern, trunks: used }] of routes.entries()) {
    const target = `routes[${i}]`;
    if (name.trim() === '') return fault('InvalidRouteName', `${target}.name`, 'A route needs a name.').fault;
    if (routes.findIndex((other) => other.name === name) !== i)
      return fault('DuplicatedRoute', `${target}.name`, `There are two routes named ${name}.`).fault;
    const pattern = parseNumberPattern(numberPattern);
    if (typeof pattern === 'string') {
      const message = `"${numberPattern.slice(0, 200)}" is no pattern for numbers: ${pattern}.`;
      return fault('InvalidRouteNumberPattern', `${target}.numberPattern`, message).fault;
    }
    const missing = used.find((fqdn) => !Object.hasOwn(trunks, fqdn));
    if (missing !== undefined) {
      const known = Object.keys(trunks).slice(0, 10).join(', ') || 'there is none';
      const message = `Route ${name} leads to ${missing.slice(0, 249)}, which is no trunk of this resource (${known}).`;
      return fault('MissingTrunk', `${target}.trunks`, message).fault;
    }
  }
  return undefined;
}

/** Whether calls go over it: it is enabled, and so is every domain that it lies in. */
export function isInUse({ domains, trunks }: SipConfiguration, fqdn: string): boolean {
  const allowed = Object.entries(domains).every(
    ([domain, { enabled }]) => enabled || !isWithin(fqdn, domain),
  );
  return allowed && trunks[fqdn]?.enabled === true;
}

/** In order of priority. */
export function routesFor({ routes }: SipConfiguration, number: string): readonly SipRoute[] {
  return routes.filter(({ numberPattern }) => {
    const pattern = parseNumberPattern(numberPattern);
    return typeof pattern !== 'string' && matchesNumber(pattern, number);
  });
}
