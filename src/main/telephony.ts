/** Trunks and the simulated carrier, over one network. */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Administration, TrunkStatus } from '../app/ports/administration.ts';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { Ids } from '../app/ports/directory.ts';
import type { TracePort } from '../app/ports/trace.ts';
import type { TrunkEvent, TrunkPort } from '../app/ports/trunk.ts';
import type { Config, TrunkConfig } from '../config/config.ts';
import type { Credentials, TlsSettings } from '../edge/sip/api.ts';
import { createFlights } from '../edge/sip/flights.ts';
import type { Network } from '../edge/sip/network.ts';
import type { Trunk } from '../edge/trunk/trunk.ts';
import { createTrunks } from '../edge/trunk/trunks.ts';

import { createSimulatedCarrier, type SimulatedCarrier } from '../simulated/carrier/carrier.ts';
import { addressesOf } from './hosts.ts';

export interface TelephonyParts {
  readonly config: Config;
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
  readonly dial: Administration['dial'];
}

/** An empty list means: only from where the trunk's host points, as it is when the server starts. */
async function sourcesOf(config: TrunkConfig, trouble: (error: unknown) => void): Promise<readonly string[]> {
  if (config.allow.length > 0) return config.allow;
  if (isIP(config.host) !== 0) return [config.host];
  try {
    return (await lookup(config.host, { all: true })).map(({ address }) => address);
  } catch (error) {
    trouble(
      new Error(`trunk ${config.name}: ${config.host} has no address, so no call is taken from it`, {
        cause: error,
      }),
    );
    return [];
  }
}

async function trunkOf(config: TrunkConfig, port: number, trouble: (error: unknown) => void): Promise<Trunk> {
  const { name, kind, host, protocol, media, serverName, srv, credentials, authenticate, register } = config;
  return {
    name,
    kind,
    host,
    port,
    protocol,
    media,
    srv,
    allow: await sourcesOf(config, trouble),
    ...(serverName === undefined ? {} : { serverName }),
    ...(credentials === undefined ? {} : { credentials: loginOf(credentials) }),
    ...(authenticate === undefined ? {} : { authenticate }),
    ...(register === undefined
      ? {}
      : { register: { aor: register.aor, expiresSeconds: register.expires / 1000 } }),
  };
}

const loginOf = ({ user, password, realm }: NonNullable<TrunkConfig['credentials']>): Credentials => ({
  user,
  password,
  ...(realm === undefined ? {} : { realm }),
});

async function tlsOf({ tls }: Config['sip']): Promise<TlsSettings | undefined> {
  if (!tls) return undefined;
  const [cert, key, ca] = await Promise.all(
    [tls.cert, tls.key, tls.caFile].map(async (file) =>
      file === undefined ? undefined : readFile(file, 'utf8'),
    ),
  );
  return {
    port: tls.port,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(tls.clientCertificates === 'required' ? { clientCertificates: 'required' as const } : {}),
  };
}

const taken = (failure: unknown): boolean =>
  failure instanceof Error && (failure.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';

const portTaken = (port: number, cause: unknown): Error =>
  new Error(`Port ${port} is taken; --sip-port chooses another (0: any free one).`, { cause });

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
  const trunksOf = ({ trunks }: Config): Promise<Trunk[]> =>
    Promise.all(
      trunks.map((trunk) => trunkOf(trunk, trunk.simulated ? carrierPort : trunk.port, parts.trouble)),
    );
  const tls = await tlsOf(config.sip);
  const trunks = createTrunks({
    ...shared,
    ...(tls ? { tls } : {}),
    trunks: await trunksOf(config),
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
        throw taken(failure) ? portTaken(config.sipPort, failure) : failure;
      });
      const { tlsPort } = trunks;
      return { udp: sipPort, tcp: sipPort, ...(tlsPort === undefined ? {} : { tls: tlsPort }) };
    },
    async stop(deadlineMs) {
      await trunks.stop(deadlineMs);
      await carrier?.stop();
    },
    async use(next) {
      trunks.use(await trunksOf(next));
      current = next;
    },
    status: () => trunks.status().trunks.map((trunk) => statusOf(trunk, current, carrierPort)),
    dial: async ({ from, to, forMs }) => {
      if (!carrier) return undefined;
      const call = await carrier.dial({ from, to, ...(forMs === undefined ? {} : { forMs }) });
      return { sipCallId: call.sipCallId };
    },
  };
}

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
