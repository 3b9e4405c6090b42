/** A server with SIPp as its only trunk, and an application that uses the official client. */
import assert from 'node:assert/strict';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication } from './application.ts';
import { loggedEnd } from './call-log.ts';
import { freePort } from './free-port.ts';
import { type RunningSipp, type SippOptions, startSipp } from './sipp.ts';

/** The number of ours that SIPp calls. */
const number = '+18005550101';

export interface Line {
  readonly protocol: 'udp' | 'tcp';
  readonly t1: number;
}

const settings = ({ protocol, t1 }: Line, port: number): string => `
carrier: { simulated: false }
trunks:
  - { name: sipp, kind: carrier, host: 127.0.0.1, port: ${port}, protocol: ${protocol} }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: sipp }
destinations: { allow: ['+1555'] }
sip: { t1: ${t1}ms, t4: ${t1 * 10}ms, healthInterval: 1h }
drainTimeout: 100ms
`;

export class SippStage {
  readonly server: Ringback;
  readonly app: Application;
  readonly #line: Line;
  readonly #port: number;
  #sipp: RunningSipp | undefined;

  private constructor(server: Ringback, app: Application, line: Line, port: number) {
    this.server = server;
    this.app = app;
    this.#line = line;
    this.#port = port;
  }

  static async open(line: Line): Promise<SippStage> {
    const port = await freePort();
    const server = await startRingback({ config: settings(line, port) });
    const app = await openApplication({ server: server.server.ready });
    await app.listen();
    // The first OPTIONS finds nobody; SIPp must not be asked again in the middle of a call.
    await server.clock.advance(`${64 * line.t1}ms`);
    return new SippStage(server, app, line, port);
  }

  async sipp(options: SippOptions): Promise<RunningSipp> {
    const { protocol, t1 } = this.#line;
    const values = { retrans: String(t1), ...options.values };
    this.#sipp = await startSipp({ ...options, values, protocol, port: this.#port });
    return this.#sipp;
  }

  /** SIPp calls our number. */
  caller(options: SippOptions): Promise<RunningSipp> {
    return this.sipp({ ...options, remote: `127.0.0.1:${this.server.sip.udp}`, service: number });
  }

  /** The application calls SIPp. */
  async call(options: SippOptions): Promise<string> {
    await this.sipp(options);
    const to = invite('+15557654321');
    const { callConnectionProperties } = await this.app.client.createCall(to, this.app.callbackUrl);
    return callConnectionProperties.callConnectionId ?? '';
  }

  /** Every message went as the scenario says. */
  async sippIsContent(): Promise<void> {
    const { code, errors } = (await this.#sipp?.done) ?? {};
    this.#sipp = undefined;
    assert.equal(code, 0, errors);
  }

  /** Code and subcode in the call log of the phone, of the newest call. */
  async logRow(): Promise<readonly unknown[]> {
    const { ready } = this.server.server;
    const { value } = (await signedRequest(ready, 'GET', 'calls?limit=1', undefined)) as {
      readonly value: readonly { readonly callId: string }[];
    };
    return loggedEnd(ready, value[0]?.callId ?? '');
  }

  async clean(): Promise<void> {
    this.#sipp?.stop();
    await this.#sipp?.done;
    this.#sipp = undefined;
  }

  async close(): Promise<void> {
    await this.clean();
    await this.server.stop();
    await this.app[Symbol.asyncDispose]();
  }
}
