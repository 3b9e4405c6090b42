/** A server whose only trunk leads to baresip, and an application that uses the official client. */
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, type IncomingCall, openApplication, phone, resultOf } from './application.ts';
import { Baresip, type BaresipOptions, phonePort } from './baresip.ts';
import { reached } from './timeline.ts';

/** The phone's number. */
export const number = '+15557654321';
/** The number of ours that it dials. */
const ours = '+18005550101';

export interface PhoneTrunk {
  readonly transport: BaresipOptions['transport'];
  /** `tls:` of the settings for SIP, as YAML. */
  readonly sipTls?: string;
  /** `name: value`, further settings of the trunk. */
  readonly trunk?: string;
  /** Log lines of the server. */
  readonly log?: (line: string) => void;
}

const settings = ({ transport, sipTls, trunk }: PhoneTrunk, port: number): string => `
carrier: { simulated: false }
trunks:
  - { name: sbc, kind: direct-routing, host: 127.0.0.1, port: ${port}, protocol: ${transport}${trunk ? `, ${trunk}` : ''} }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: sbc }
destinations: { allow: ['+1555'] }
sip: { t1: 100ms, t4: 1s, healthInterval: 1h${sipTls ? `, tls: ${sipTls}` : ''} }
drainTimeout: 100ms
`;

export class BaresipStage implements AsyncDisposable {
  readonly server: Ringback;
  readonly app: Application;
  readonly #transport: BaresipOptions['transport'];
  /** Where the trunk leads; baresip listens for TLS one above the port that it is told. */
  readonly port: number;
  #far: Baresip | undefined;

  private constructor(server: Ringback, app: Application, line: PhoneTrunk, port: number) {
    this.server = server;
    this.app = app;
    this.#transport = line.transport;
    this.port = port;
  }

  static async open(line: PhoneTrunk): Promise<BaresipStage> {
    const port = (await phonePort()) + (line.transport === 'tls' ? 1 : 0);
    const { log } = line;
    const server = await startRingback({ config: settings(line, port), ...(log ? { log } : {}) });
    const app = await openApplication({ server: server.server.ready });
    await app.listen();
    return new BaresipStage(server, app, line, port);
  }

  get ready(): Ringback['server']['ready'] {
    return this.server.server.ready;
  }

  /** The phone, once it is up. */
  get far(): Baresip {
    if (!this.#far) throw new Error('no phone was started: pickUp first');
    return this.#far;
  }

  async pickUp(answers: BaresipOptions['answers'], more: Partial<BaresipOptions> = {}): Promise<void> {
    const port = this.port - (this.#transport === 'tls' ? 1 : 0);
    this.#far = await Baresip.start({ transport: this.#transport, port, user: number, answers, ...more });
  }

  until(id: string, line: RegExp, times = 1): Promise<readonly string[]> {
    return reached(this.ready, id, line, times);
  }

  /** The application calls the phone. */
  async create(): Promise<string> {
    const to = { targetParticipant: phone(number), sourceCallIdNumber: phone('+18005550100') };
    const { callConnectionProperties } = await this.app.client.createCall(to, this.app.callbackUrl);
    return callConnectionProperties.callConnectionId ?? '';
  }

  /** The phone, which is up, was called and has answered. */
  async connected(): Promise<string> {
    const id = await this.create();
    await this.app.next('CallConnected', id);
    await this.far.next('CALL_ESTABLISHED');
    return id;
  }

  /** The phone dials our number, and the application is told. */
  async dial(): Promise<IncomingCall> {
    const { sip } = this.ready;
    const port = this.#transport === 'tls' ? sip.tls : sip.udp;
    const suffix = this.#transport === 'udp' ? '' : `;transport=${this.#transport}`;
    await this.far.do('dial', `sip:${ours}@127.0.0.1:${port}${suffix}`);
    return this.app.incoming();
  }

  /** The phone dials and the application answers. */
  async dialled(): Promise<string> {
    const { incomingCallContext } = await this.dial();
    await this.app.client.answerCall(incomingCallContext, this.app.callbackUrl);
    const { callConnectionId = '' } = await this.app.next('CallConnected');
    await this.far.next('CALL_ESTABLISHED');
    return callConnectionId;
  }

  async endOf(id: string): Promise<readonly (number | undefined)[]> {
    return resultOf(await this.app.next('CallDisconnected', id));
  }

  async failed(id: string): Promise<readonly (number | undefined)[]> {
    return resultOf(await this.app.next('CreateCallFailed', id));
  }

  /** Waits until the application is told that the phone is on hold, or no longer. */
  async onHold(id: string, wanted: boolean): Promise<void> {
    for (;;) {
      const { participants = [] } = await this.app.next('ParticipantsUpdated', id);
      const them = participants.find(({ identifier }) => 'phoneNumber' in (identifier ?? {}));
      if (them?.isOnHold === wanted) return;
    }
  }

  /** Ends the phone; the server stays for the next. */
  async putDown(): Promise<void> {
    await this.#far?.[Symbol.asyncDispose]();
    this.#far = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.putDown();
    await this.server.stop();
    await this.app[Symbol.asyncDispose]();
  }
}
