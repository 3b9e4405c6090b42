/** The in-process door for test suites: `import { startRingback } from 'ringback/testing'`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProblems, parseConfig } from './config/parse-config.ts';
import { jsonLines } from './edge/records/log-lines.ts';
import type { Network } from './edge/sip/network.ts';
import { type Server, startServer } from './main/server.ts';
import { signedRequest } from './main/signed-request.ts';
import type { ClientBehaviour, ClientEndpoint } from './simulated/clients/clients.ts';

export type { ClientBehaviour, ClientCall, ClientEndpoint } from './simulated/clients/clients.ts';

export interface RingbackOptions {
  /** Configuration as YAML, as in `ringback.yaml`. */
  readonly config?: string;
  /** Default `manual`: time moves by `clock.advance`. */
  readonly clock?: 'real' | 'manual';
  /** Data directory that outlives the server; default: a temporary one, in memory. */
  readonly data?: string;
  /** Log lines (JSON); default: none. */
  readonly log?: (line: string) => void;
  /** For Ringback's own tests: SIP over another network, audio in this process. */
  readonly internals?: { readonly network?: Network; readonly mediaInProcess?: boolean };
}

export interface Ringback {
  readonly connectionString: string;
  /** https */
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly caFile: string;
  /** PEM of the local CA. */
  readonly ca: string;
  readonly sip: { readonly udp: number; readonly tcp: number };
  readonly clock: {
    /** `2s`, `115s`, `5m`. Resolves when everything due has happened; rejects when the process does not become quiet. */
    advance(duration: string): Promise<void>;
  };
  /** A calling client of an ACS user (raw id): calls to the user ring there, and a test answers, declines, speaks and listens. */
  client(rawId: string, does?: ClientBehaviour): Promise<ClientEndpoint>;
  /** Wipes calls, deliveries and messages between tests. */
  reset(): Promise<void>;
  /** Drains and ends what is left, each call with its row. */
  stop(): Promise<void>;
  /** The running server, for Ringback's own tests. */
  readonly server: Server;
}

/** Starts a server on free ports of loopback. Reject: a configuration problem, in words. */
export async function startRingback(options: RingbackOptions = {}): Promise<Ringback> {
  const directory = options.data ?? mkdtempSync(join(tmpdir(), 'ringback-'));
  const parsed = parseConfig({
    ...(options.config === undefined ? {} : { yamlText: options.config }),
    flags: {
      ...(options.data === undefined ? { memory: true } : { data: directory }),
      httpsPort: '0',
      httpPort: '0',
      sipPort: '0',
      clock: options.clock ?? 'manual',
      allowHttpCallbacks: true,
    },
  });
  if ('problems' in parsed) throw new Error(describeProblems(parsed.problems));
  const { network, mediaInProcess } = options.internals ?? {};
  const server = await startServer({
    config: parsed.config,
    directory,
    ...(options.log ? { log: jsonLines(options.log) } : {}),
    ...(network ? { network } : {}),
    ...(mediaInProcess === undefined ? {} : { mediaInProcess }),
  });
  const { connectionString, endpoint, httpEndpoint, caFile, sip } = server.ready;
  const admin = (path: string, body: unknown): Promise<unknown> =>
    signedRequest(server.ready, 'POST', path, body);
  return {
    connectionString,
    endpoint,
    httpEndpoint,
    caFile,
    ca: server.ca,
    sip,
    clock: {
      async advance(duration) {
        const { busy } = (await admin('clock/advance', { duration })) as { busy?: readonly string[] };
        if (busy) throw new Error(`the clock could not pass ${duration}: busy with ${busy.join(', ')}`);
      },
    },
    client: (rawId, does) => server.client(rawId, does),
    reset: async () => void (await admin('reset', {})),
    async stop() {
      await server.stop();
      if (options.data === undefined) rmSync(directory, { recursive: true, force: true });
    },
    server,
  };
}
