/** Trunks and the simulated carrier, over one network. */
import type { Administration, TrunkStatus } from '../app/ports/administration.ts';
import { type ClientEndpoints, clientsTrunk } from '../app/ports/clients.ts';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { Ids } from '../app/ports/directory.ts';
import type { TracePort } from '../app/ports/trace.ts';
import type { TrunkEvent, TrunkPort } from '../app/ports/trunk.ts';
import type { Config } from '../config/config.ts';
import type { TlsSettings } from '../edge/sip/api.ts';
import { createFlights } from '../edge/sip/flights.ts';
import type { Network } from '../edge/sip/network.ts';
import type { Trunk, TrunksStatus } from '../edge/trunk/trunk.ts';
import { createTrunks } from '../edge/trunk/trunks.ts';
import { createSimulatedCarrier, type SimulatedCarrier } from '../simulated/carrier/carrier.ts';
import {
  type ClientBehaviour,
  type ClientEndpoint,
  createSimulatedClients,
  type SimulatedClients,
} from '../simulated/clients/clients.ts';
import { addressesOf } from './hosts.ts';
import { keysInClear, trunkOf } from './trunk-settings.ts';

export interface TelephonyParts {
  readonly config: Config;
  /** Of `sip.tls`, read and checked. */
  readonly tls?: TlsSettings;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly trace: TracePort;
  readonly ids: Ids;
  readonly onEvent: (event: TrunkEvent) => void;
  readonly trouble: (error: unknown) => void;
  readonly network?: Network;
}

export interface Telephony {
  readonly port: TrunkPort;
  /** Resolves with the SIP ports. */
  start(): Promise<{ readonly udp: number; readonly tcp: number; readonly tls?: number }>;
  /** `deadlineMs`: how long calls may take to say goodbye. */
  stop(deadlineMs?: number): Promise<void>;
  /** Other trunks and routes from now on; live calls go on as they are. */
  use(config: Config): Promise<void>;
  status(): readonly TrunkStatus[];
  /** What `/metrics` counts. */
  counts(): TrunksStatus;
  readonly dial: Administration['dial'];
  /** Who can be called as a user. */
  readonly clients: ClientEndpoints & {
    register(rawId: string, does?: ClientBehaviour): Promise<ClientEndpoint>;
    registered(): readonly ClientEndpoint[];
    unregister(rawId?: string): boolean;
  };
}

/** Words for a port that somebody else has; other failures as they are. */
function startFailure(failure: unknown, { sipPort, sip }: Config): unknown {
  const cause = failure instanceof Error ? (failure.cause as { code?: string; port?: number }) : undefined;
  if (cause?.code !== 'EADDRINUSE') return failure;
  const [port, chooser] =
    sip.tls && cause.port === sip.tls.port && cause.port !== sipPort
      ? [sip.tls.port, 'sip.tls.port']
      : [sipPort, '--sip-port'];
  return new Error(`Port ${port} is taken; ${chooser} chooses another (0: any free one).`, {
    cause: failure,
  });
}

/** The carrier listens first: its port is the simulated trunk's. */
export async function openTelephony(parts: TelephonyParts): Promise<Telephony> {
  const { config, clock, quiet } = parts;
  const flights = createFlights((what) => quiet.hold(what));
  const shared = { clock, quiet, flights, ...(parts.network ? { network: parts.network } : {}) };
  const timing = { t1: config.sip.t1, t2: config.sip.t2, t4: config.sip.t4 };
  let carrier: SimulatedCarrier | undefined;
  let carrierPort = 0;
  let sipPort = 0;
  if (config.carrier.simulated) {
    const server = () => ({ host: '127.0.0.1', port: sipPort, protocol: 'udp' as const });
    carrier = createSimulatedCarrier({ ...shared, server, timing, failed: parts.trouble });
    carrierPort = (await carrier.start()).port;
  }
  let current = config;
  const trunksOf = ({ trunks }: Config): readonly Trunk[] => {
    for (const warning of trunks.flatMap(keysInClear)) parts.trouble(warning);
    const configured = trunks.map((trunk) => trunkOf(trunk, trunk.simulated ? carrierPort : trunk.port));
    return clientsPort === undefined ? configured : [...configured, trunkToClients(clientsPort)];
  };
  let clients: SimulatedClients | undefined;
  let clientsPort: number | undefined;
  /** Nobody listens for clients before there is one. */
  const openClients = async (): Promise<SimulatedClients> => {
    const opened = createSimulatedClients({ ...shared, timing, failed: parts.trouble });
    clientsPort = (await opened.start()).port;
    await trunks.use(trunksOf(current));
    return opened;
  };
  let opening: Promise<SimulatedClients> | undefined;
  const trunks = createTrunks({
    ...shared,
    ...(parts.tls ? { tls: parts.tls } : {}),
    trunks: trunksOf(config),
    hosts: addressesOf(config.host),
    port: config.sipPort,
    trace: parts.trace,
    newLegId: () => parts.ids.next(),
    events: parts.onEvent,
    failed: parts.trouble,
    timing,
    healthInterval: config.sip.healthInterval,
    product: 'Ringback',
  });
  return {
    port: trunks.port,
    async start() {
      sipPort = await trunks.start().catch((failure: unknown) => {
        throw startFailure(failure, config);
      });
      const { tlsPort } = trunks;
      return { udp: sipPort, tcp: sipPort, ...(tlsPort === undefined ? {} : { tls: tlsPort }) };
    },
    async stop(deadlineMs) {
      await trunks.stop(deadlineMs);
      await carrier?.stop();
      await clients?.stop();
    },
    async use(next) {
      await trunks.use(trunksOf(next));
      current = next;
    },
    status: () => configuredOf(trunks.status()).trunks.map((trunk) => statusOf(trunk, current, carrierPort)),
    counts: () => configuredOf(trunks.status()),
    clients: {
      trunkTo: (rawId) => (clients?.endpoint(rawId) ? clientsTrunk : undefined),
      async register(rawId, does) {
        opening ??= openClients();
        clients = await opening;
        return clients.register(rawId, does);
      },
      registered: () => clients?.endpoints ?? [],
      unregister(rawId) {
        if (rawId === undefined) clients?.unregisterAll();
        const known = rawId === undefined ? undefined : clients?.endpoint(rawId);
        known?.unregister();
        return known !== undefined;
      },
    },
    dial: async ({ from, to, forMs }) => {
      if (!carrier) return undefined;
      const call = await carrier.dial({ from, to, ...(forMs === undefined ? {} : { forMs }) });
      return { sipCallId: call.sipCallId };
    },
  };
}

/** Operators have not set up the one towards clients. */
const configuredOf = (status: TrunksStatus): TrunksStatus => ({
  ...status,
  trunks: status.trunks.filter(({ name }) => name !== clientsTrunk),
});

const trunkToClients = (port: number): Trunk => ({
  name: clientsTrunk,
  kind: 'direct-routing',
  host: '127.0.0.1',
  port,
  protocol: 'udp',
  media: 'rtp',
  allow: 'none',
});

function statusOf(
  trunk: ReturnType<ReturnType<typeof createTrunks>['status']>['trunks'][number],
  config: Config,
  carrierPort: number,
): TrunkStatus {
  const set = config.trunks.find(({ name }) => name === trunk.name);
  const { name, kind, media } = trunk;
  return {
    name,
    kind,
    media,
    target: `${set?.protocol ?? 'udp'}:${set?.host ?? ''}:${set?.simulated ? carrierPort : set?.port}`,
    health: trunk.state,
    why: trunk.registration === undefined ? trunk.why : `${trunk.why}; ${trunk.registration}`,
    liveCalls: trunk.legs,
    routes: config.routes.filter((route) => route.trunk === name).map((route) => route.pattern.source),
  };
}
