/** The HTTP edge on its ports. */
import { readFile } from 'node:fs/promises';
import type { CallService } from '../app/desks/call-service.ts';
import type { Chats } from '../app/desks/chat-commands.ts';
import type { MediaOperations } from '../app/desks/media-commands.ts';
import type { NumbersCommands } from '../app/desks/numbers-commands.ts';
import type { ParticipantOperations } from '../app/desks/participant-commands.ts';
import type { RecordingCommands } from '../app/desks/recording-service.ts';
import type { SipRoutingCommands } from '../app/desks/sip-routing-desk.ts';
import type { Administration } from '../app/ports/administration.ts';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { RateWindows } from '../app/ports/limits.ts';
import type { RecordingFiles } from '../app/ports/recordings.ts';
import type { Records } from '../app/ports/records.ts';
import type { Store } from '../app/ports/store.ts';
import type { TracePort } from '../app/ports/trace.ts';
import type { Config } from '../config/config.ts';
import type { Signing } from '../edge/callbacks/signing.ts';
import { defaultHttpLimits, type Health, type HttpLimits } from '../edge/http/dependencies.ts';
import { createHttpServer } from '../edge/http/server.ts';
import type { LogLines } from '../edge/records/log-lines.ts';
import type { LocalAuthority } from '../edge/tls/authority.ts';
import { addressesOf } from './hosts.ts';
import type { Identity } from './identity.ts';
import type { Realtime } from './realtime.ts';
import type { ReadyLine } from './server-file.ts';

export interface DoorParts {
  readonly config: Config;
  readonly authority: LocalAuthority;
  readonly calls: CallService;
  readonly media: MediaOperations;
  readonly participants: ParticipantOperations;
  readonly recordings: RecordingCommands;
  readonly recordingFiles: RecordingFiles;
  readonly chats: Chats;
  readonly realtime: Realtime;
  readonly numbers: NumbersCommands;
  readonly sipRouting: SipRoutingCommands;
  readonly admin: Administration;
  readonly store: Store;
  readonly rate: RateWindows;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly records: Records;
  readonly trace: TracePort;
  readonly log: LogLines;
  readonly signing: Signing;
  readonly identity: Identity;
  readonly metrics: () => string;
  readonly draining: () => boolean;
  readonly health: () => Health;
}

export type DoorAddress = Pick<ReadyLine, 'endpoint' | 'httpEndpoint' | 'connectionString' | 'admin'>;

export interface Door {
  start(): Promise<DoorAddress>;
  stop(deadlineMs: number): Promise<void>;
}

function limitsOf({ limits }: Config): HttpLimits {
  const { bodyBytes, bodyTimeout, concurrentRequests, requestsPerSecond } = limits;
  return {
    ...defaultHttpLimits,
    bodyBytes,
    bodyTimeoutMs: bodyTimeout,
    identityRates: limits.identityRates === 'documented',
    ...(concurrentRequests === undefined ? {} : { concurrentRequests }),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  };
}

/** IPv6 literals stand in brackets in a URL; `localhost` is what the certificate and the clients agree on. */
const urlHost = (host: string): string =>
  host.includes(':') ? `[${host}]` : host === '127.0.0.1' ? 'localhost' : host;

export function openDoor(parts: DoorParts): Door {
  const { config, signing, log } = parts;
  let base = '';
  const server = createHttpServer({
    calls: parts.calls,
    media: parts.media,
    participants: parts.participants,
    recordings: parts.recordings,
    recordingFiles: parts.recordingFiles,
    chats: parts.chats,
    realtime: parts.realtime.sessions,
    upgrade: parts.realtime.upgrade,
    numbers: parts.numbers,
    sipRouting: parts.sipRouting,
    admin: parts.admin,
    store: parts.store,
    rate: parts.rate,
    limits: limitsOf(config),
    resources: config.resources,
    clock: parts.clock,
    quiet: parts.quiet,
    records: parts.records,
    trace: parts.trace,
    log: {
      request: (told) => {
        if (!log.wants('request')) return;
        const { refused: _refused, ...line } = told;
        log.line('debug', 'request', line);
      },
      note: (message, details) => log.line('info', 'note', { message, ...details }),
      bug: (error, requestId) =>
        log.line('error', 'bug', {
          requestId,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    },
    identities: parts.identity.desk,
    entra: parts.identity.entra,
    keys: { jwks: () => signing.jwks(), openIdConfiguration: () => signing.openIdConfiguration(base) },
    health: parts.health,
    metrics: parts.metrics,
    allowHttpCallbacks: config.allowHttpCallbacks,
    apiVersions: config.apiVersions,
    draining: parts.draining,
  });
  return {
    async start() {
      const own = config.tls && {
        cert: await readFile(config.tls.cert, 'utf8'),
        key: await readFile(config.tls.key, 'utf8'),
      };
      const https = { port: config.httpsPort, tls: own ?? parts.authority.server };
      const { httpPort, httpsPort } = await server.start({
        hosts: addressesOf(config.host),
        httpPort: config.httpPort,
        https,
      });
      const host = urlHost(config.host);
      const endpoint = config.publicEndpoint ?? `https://${host}:${httpsPort}/`;
      const httpEndpoint = `http://${host}:${httpPort}/`;
      base = endpoint;
      const key =
        config.resources.find((resource) => resource.admin)?.keys[0] ?? config.resources[0]?.keys[0] ?? '';
      return {
        endpoint,
        httpEndpoint,
        connectionString: `endpoint=${endpoint};accesskey=${key}`,
        admin: `${httpEndpoint}ringback/v1/`,
      };
    },
    stop: (deadlineMs) => server.stop(deadlineMs),
  };
}
