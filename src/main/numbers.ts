/** Numbers, trunks and routes as they are now: those of the configuration, and what applications bought or set. */
import { abilitiesOf, type ConfiguredNumber, NumberHoldings } from '../app/desks/number-holdings.ts';
import type { NumberOperation } from '../app/desks/numbers-commands.ts';
import { NumbersDesk } from '../app/desks/numbers-desk.ts';
import { SipRoutingDesk, type TrunkHealth, type TrunkInUse } from '../app/desks/sip-routing-desk.ts';
import type { NumberStatus, TrunkStatus } from '../app/ports/administration.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Ids, NumberUse } from '../app/ports/directory.ts';
import type { OwnedNumbers } from '../app/ports/owned-numbers.ts';
import type { Store } from '../app/ports/store.ts';
import type { Config, TrunkConfig } from '../config/config.ts';
import { countryCodeOf, usualType } from '../domain/numbers/calling-codes.ts';
import { parseNumberPattern } from '../domain/numbers/number-pattern.ts';
import type { NumberPlan, RoutePlan } from '../domain/numbers/route.ts';
import type { LogLines } from '../edge/records/log-lines.ts';
import { numberPlan } from './number-plan.ts';
import type { Telephony } from './telephony.ts';

export interface NumbersParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Not asked before the server has started. */
  readonly telephony: () => Pick<Telephony, 'use' | 'status'>;
  readonly log: LogLines;
  readonly trouble: (error: unknown) => void;
}

export interface Numbers {
  readonly desk: NumbersDesk;
  readonly sipRouting: SipRoutingDesk;
  readonly owned: OwnedNumbers;
  /** The configuration as it was last read. */
  config(): Config;
  /** With the trunks that applications set. */
  effective(): Config;
  plan(): NumberPlan;
  /** Another configuration from now on; the one before where its trunks cannot be used. */
  use(next: Config): Promise<void>;
  /** As operators see them. */
  listed(use: Pick<NumberUse, 'busy'>): readonly NumberStatus[];
  trunks(): readonly TrunkStatus[];
  /** After the store was reset. */
  forget(): void;
}

/** ISO 3166-1 leaves it to users: a country that is not known. */
const nowhere = 'ZZ';

export function openNumbers(parts: NumbersParts): Numbers {
  const { store, clock, ids, telephony, log } = parts;
  const setting = settingOf(parts.config);
  let applied: Promise<void> = Promise.resolve();

  const replan = (): void => {
    const trunks = sipRouting.trunksInUse();
    setting.effective = withTrunks(setting.config, trunks);
    setting.plan = numberPlan(setting.effective, {
      numbers: holdings.bought().map(({ number, resourceId, capabilities }) => {
        const { takesCalls, placesCalls } = abilitiesOf(capabilities);
        return { number, resourceId, takesCalls, placesCalls, blocked: false };
      }),
      trunkOwners: new Map(
        trunks.map(
          ({ resourceId, fqdn }) => [trunkName(setting.config, resourceId, fqdn), resourceId] as const,
        ),
      ),
      routes: sipRouting.routes().flatMap((route) => routePlans(setting.config, route)),
    });
  };
  /** One after the other, each with what is set by then; calls are routed to trunks that are there. */
  const apply = (config?: Config): Promise<void> => {
    const next = applied.then(async () => {
      await telephony().use(withTrunks(config ?? setting.config, sipRouting.trunksInUse()));
      if (config) Object.assign(setting, { config, configured: configuredNumbers(config) });
      replan();
    });
    applied = next.catch(() => {});
    return next;
  };
  const health = (resourceId: string, fqdn: string): TrunkHealth => {
    const name = trunkName(setting.config, resourceId, fqdn);
    const trunk = telephony()
      .status()
      .find((each) => each.name === name);
    return { state: trunk?.health ?? 'unknown', tls: setting.config.sipRouting.protocol === 'tls' };
  };

  const holdings = new NumberHoldings({
    store,
    clock,
    configured: () => setting.configured,
    ranges: () => setting.plan.ranges,
  });
  const desk = new NumbersDesk({
    holdings,
    clock,
    ids,
    onChange: (done) => {
      replan();
      if (done) log.line('info', 'numbers', operationLine(done));
    },
  });
  const sipRouting = new SipRoutingDesk({
    store,
    apply: async (resourceId) => {
      await apply();
      log.line('info', 'sip-routing', { resource: resourceName(setting.config, resourceId) });
    },
    health,
  });
  replan();

  return {
    desk,
    sipRouting,
    owned: holdings,
    config: () => setting.config,
    effective: () => setting.effective,
    plan: () => setting.plan,
    use: apply,
    listed: (use) => [
      ...setting.config.numbers.map((owned): NumberStatus => {
        const { number, resource, blocked, maxConcurrentCalls } = owned;
        const kind = kindOf(owned);
        const cap = maxConcurrentCalls === undefined ? {} : { maxConcurrentCalls };
        return {
          number,
          resource,
          kind,
          origin: 'configuration',
          blocked,
          liveCalls: use.busy(number),
          ...cap,
        };
      }),
      ...holdings.bought().map(
        ({ number, resourceId, type }): NumberStatus => ({
          number,
          resource: resourceName(setting.config, resourceId),
          kind: type,
          origin: 'bought',
          blocked: false,
          liveCalls: use.busy(number),
        }),
      ),
    ],
    trunks: () => {
      const routes = sipRouting.routes().flatMap((route) => routePlans(setting.config, route));
      return telephony()
        .status()
        .map((trunk) => {
          const own = routes.filter((route) => route.trunk === trunk.name);
          return { ...trunk, routes: [...own.map(({ pattern }) => pattern.source), ...trunk.routes] };
        });
    },
    forget() {
      sipRouting.forget();
      desk.forget();
      apply().catch(parts.trouble);
    },
  };
}

const settingOf = (config: Config) => ({
  config,
  effective: config,
  plan: numberPlan(config),
  configured: configuredNumbers(config),
});

const operationLine = ({ id, type, resourceId, status, error }: NumberOperation) => ({
  operationId: id,
  operation: type,
  resourceId,
  status,
  ...(error ? { error: `${error.code}: ${error.message}` } : {}),
});

const kindOf = ({ number, kind }: Config['numbers'][number]) => kind ?? usualType(number);

function configuredNumbers(config: Config): readonly ConfiguredNumber[] {
  const idOf = new Map(config.resources.map(({ name, id }) => [name, id]));
  return config.numbers.map((owned) => ({
    number: owned.number,
    resourceId: idOf.get(owned.resource) ?? owned.resource,
    kind: kindOf(owned),
    country: countryCodeOf(owned.number) ?? nowhere,
    capabilities: owned.capabilities,
    ...abilitiesOf(owned.capabilities),
  }));
}

const resourceName = ({ resources }: Config, id: string): string =>
  resources.find((resource) => resource.id === id)?.name ?? id;

/** Names of the configuration have no slash: none can be the same. */
const trunkName = (config: Config, resourceId: string, fqdn: string): string =>
  `${resourceName(config, resourceId)}/${fqdn}`;

/** RFC 6761 6.3: such names are this computer, and not every resolver knows it. */
const hostOf = (fqdn: string): string => (/\.localhost$/i.test(fqdn) ? '127.0.0.1' : fqdn);

function withTrunks(config: Config, trunks: readonly TrunkInUse[]): Config {
  const { protocol, media } = config.sipRouting;
  const set = trunks.map(
    ({ resourceId, fqdn, port }): TrunkConfig => ({
      name: trunkName(config, resourceId, fqdn),
      kind: 'direct-routing',
      simulated: false,
      host: hostOf(fqdn),
      port,
      protocol,
      serverName: fqdn,
      srv: false,
      credentials: undefined,
      authenticate: undefined,
      register: undefined,
      sessionTimer: undefined,
      media,
      ice: false,
      allow: [],
      maxConcurrentCallsPerNumber: undefined,
      transfer: 'refer',
      assertedIdentity: true,
    }),
  );
  return { ...config, trunks: [...config.trunks, ...set] };
}

/** A route of several trunks is one for each, in order. */
function routePlans(
  config: Config,
  { resourceId, numberPattern, trunks }: ReturnType<SipRoutingDesk['routes']>[number],
): readonly RoutePlan[] {
  const pattern = parseNumberPattern(numberPattern);
  if (typeof pattern === 'string') return [];
  return trunks.map((fqdn) => ({ pattern, trunk: trunkName(config, resourceId, fqdn), resourceId }));
}
