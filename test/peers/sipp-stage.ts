/** A server with nobody but SIPp on its trunks, and an application that uses the official client. */
import assert from 'node:assert/strict';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication } from './application.ts';
import { newestEnd } from './call-log.ts';
import { freePort } from './free-port.ts';
import { type Kamailio, startKamailio, type Way } from './kamailio.ts';
import { type RunningSipp, type SippOptions, startSipp } from './sipp.ts';

/** The number of ours that SIPp calls. */
const number = '+18005550101';

export interface Line {
  readonly protocol: 'udp' | 'tcp';
  readonly t1: number;
  /** Trunks to the same numbers, tried one after the other; default: 1. */
  readonly trunks?: number;
  /** More settings, as YAML. */
  readonly more?: string;
  /** Of each trunk, as YAML that continues the ones it has. */
  readonly trunk?: string;
  /** The simulated carrier as well, for those whom SIPp is handed over to. */
  readonly simulated?: true;
  /** A proxy stands between us and SIPp, which speaks `protocol` on the far side of it. */
  readonly edge?: {
    readonly protocol: 'udp' | 'tcp';
    /** What the proxy asks for, and what we answer; nothing where absent. */
    readonly challenge?: NonNullable<Way['challenge']>;
    readonly credentials?: NonNullable<Way['challenge']>;
  };
}

/** To +1556 there is a way that may not be gone. */
const settings = (
  { protocol, t1, more = '', trunk = '', simulated, edge }: Line,
  ports: readonly number[],
): string => `
carrier: { simulated: ${simulated === true} }
trunks:
${ports.map((port, index) => `  - { name: sipp${index}, kind: carrier, host: 127.0.0.1, port: ${port}, protocol: ${protocol}${edge?.credentials ? `, credentials: ${JSON.stringify(edge.credentials)}` : ''}${trunk} }`).join('\n')}
routes:
${ports.map((_, index) => `  - { pattern: '\\+155[56]\\d{7}', trunk: sipp${index}, priority: ${index} }`).join('\n')}
destinations: { allow: ['+1555'] }
sip: { t1: ${t1}ms, t4: ${t1 * 10}ms, healthInterval: 1h }
drainTimeout: 100ms
${more}
`;

export class SippStage {
  readonly server: Ringback;
  readonly app: Application;
  readonly #line: Line;
  readonly #ports: readonly number[];
  readonly #edge: Kamailio | undefined;
  #sipps: readonly RunningSipp[] = [];

  private constructor(
    server: Ringback,
    app: Application,
    line: Line,
    ports: readonly number[],
    edge: Kamailio | undefined,
  ) {
    this.server = server;
    this.app = app;
    this.#line = line;
    this.#ports = ports;
    this.#edge = edge;
  }

  static async open(line: Line): Promise<SippStage> {
    const { trunks = 1 } = line;
    const first = await freePort(trunks);
    const ports = Array.from({ length: trunks }, (_, index) => first + index);
    const edgePort = line.edge && (await freePort());
    const server = await startRingback({
      config: settings(line, edgePort === undefined ? ports : [edgePort]),
    });
    const app = await openApplication({ server: server.server.ready });
    await app.listen();
    // The first OPTIONS finds nobody; SIPp must not be asked again in the middle of a call.
    await server.clock.advance(`${64 * line.t1}ms`);
    const edge = edgePort === undefined ? undefined : await openEdge(line, edgePort, first, server.sip.udp);
    return new SippStage(server, app, line, ports, edge);
  }

  get ready(): Ringback['server']['ready'] {
    return this.server.server.ready;
  }

  /** Where the proxy is, when there is one. */
  get edgePort(): number | undefined {
    return this.#edge?.port;
  }

  /** SIPp on the trunk of this place in the order. */
  async sipp(options: SippOptions, trunk = 0): Promise<RunningSipp> {
    const { edge, t1 } = this.#line;
    const protocol = (edge ?? this.#line).protocol;
    const values = { retrans: String(t1), ...options.values };
    const sipp = await startSipp({ ...options, values, protocol, port: this.#ports[trunk]! });
    this.#sipps = [...this.#sipps, sipp];
    return sipp;
  }

  /** SIPp calls our number, or the one that `service` names. */
  caller(options: SippOptions): Promise<RunningSipp> {
    return this.sipp({
      service: number,
      ...options,
      remote: `127.0.0.1:${this.#edge?.port ?? this.server.sip.udp}`,
    });
  }

  /** The application calls SIPp. */
  async call(options: SippOptions): Promise<string> {
    await this.sipp(options);
    return this.dial();
  }

  /** The application calls a number, whoever has it. */
  async dial(to = '+15557654321', from?: string): Promise<string> {
    const { callConnectionProperties } = await this.app.client.createCall(
      invite(to, from),
      this.app.callbackUrl,
    );
    return callConnectionProperties.callConnectionId ?? '';
  }

  /** For callees that were started for more calls than came. */
  noMoreCalls(): void {
    for (const { finish } of this.#sipps) finish();
  }

  /** Every message went as the scenario says. */
  async sippIsContent(): Promise<void> {
    const results = await Promise.all(this.#sipps.map(({ done }) => done));
    this.#sipps = [];
    for (const { code, errors } of results) assert.equal(code, 0, errors);
  }

  /** Code and subcode in the call log of the phone, of the newest call. */
  logRow(): Promise<readonly unknown[]> {
    return newestEnd(this.ready);
  }

  async clean(): Promise<void> {
    for (const sipp of this.#sipps) sipp.stop();
    await Promise.all(this.#sipps.map(({ done }) => done));
    this.#sipps = [];
  }

  async close(): Promise<void> {
    await this.clean();
    await this.server.stop();
    await this.#edge?.[Symbol.asyncDispose]();
    await this.app[Symbol.asyncDispose]();
  }
}

const openEdge = ({ protocol, edge }: Line, port: number, sipp: number, ours: number): Promise<Kamailio> =>
  startKamailio({
    port,
    ways: [
      {
        ...{ prefix: '+1555', port: sipp, protocol: edge?.protocol ?? protocol },
        ...(edge?.challenge ? { challenge: edge.challenge } : {}),
      },
      { prefix: '+1800', port: ours, protocol },
    ],
  });
