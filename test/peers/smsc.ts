/** A carrier's SMSC on a real socket, written with the server half of the `smpp` package; it does what a test says. */
import { once } from 'node:events';
import type net from 'node:net';
import { createServer, PDU, type PduFields, type ServerOptions, type Session } from 'smpp';
import { until } from '../../scenarios/stage/wait.ts';
import type { SmppCarrierSettings } from '../../src/edge/sms/settings.ts';

export interface BoundSession {
  readonly session: Session;
  /** bind_transceiver and so on. */
  readonly bind: PDU;
}

export type OnSubmit = (submit: PDU, session: Session, smsc: TestSmsc) => void;

/** Answers with an id: m1, m2, … */
export const accepts: OnSubmit = (submit, session, smsc) => {
  session.send(submit.response({ message_id: smsc.nextId() }));
};

export const answers =
  (status: number): OnSubmit =>
  (submit, session) => {
    session.send(submit.response({ command_status: status }));
  };

export const silent: OnSubmit = () => {};

export const drops: OnSubmit = (_submit, session) => session.destroy();

export interface TestSmscOptions extends ServerOptions {
  /** Any free one when absent. */
  readonly port?: number;
  /** command_status of the answer to a bind; undefined: no answer. */
  readonly onBind?: (bind: PDU) => number | undefined;
  readonly answersEnquiries?: boolean;
  /** Keeps nothing of what it hears, where that is much. */
  readonly forgets?: boolean;
}

export class TestSmsc implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #options: TestSmscOptions;
  readonly #sessions = new Set<Session>();
  readonly #script: OnSubmit[] = [];
  #ids = 0;
  /** What is done with submits that the script does not speak of. */
  onSubmit: OnSubmit = accepts;
  /** Everything that came, answers included. */
  readonly heard: PDU[] = [];
  readonly bound: BoundSession[] = [];

  private constructor(options: TestSmscOptions) {
    this.#options = options;
    this.#server = createServer(options, (session) => this.#opened(session));
    this.#server.on('tlsClientError', () => {});
  }

  static async open(options: TestSmscOptions = {}): Promise<TestSmsc> {
    const smsc = new TestSmsc(options);
    smsc.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(smsc.#server, 'listening');
    return smsc;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  nextId(): string {
    this.#ids += 1;
    return `m${this.#ids}`;
  }

  /** A carrier's settings that reach it. */
  settings(more: Partial<SmppCarrierSettings> = {}): SmppCarrierSettings {
    return {
      name: 'acme',
      host: '127.0.0.1',
      port: this.port,
      systemId: 'ringback',
      password: 'secret',
      systemType: 'test',
      bind: 'transceiver',
      window: 10,
      enquireLink: 0,
      answerWithin: 5000,
      ...more,
    };
  }

  /** What is done with the next submits, one after the other. */
  script(...steps: readonly OnSubmit[]): void {
    this.#script.push(...steps);
  }

  commands(command: string): readonly PDU[] {
    return this.heard.filter((pdu) => pdu.command === command);
  }

  /** The `count`-th bind from 1, or its session of the latest. */
  async session(count = 1): Promise<Session> {
    return until(`bind ${count}`, async () => {
      const found = this.bound[count - 1];
      return found ? { is: found.session } : { notYet: `${this.bound.length} binds came` };
    });
  }

  async submit(count = 1): Promise<PDU> {
    return until(`submit ${count}`, async () => {
      const found = this.commands('submit_sm')[count - 1];
      return found ? { is: found } : { notYet: `${this.commands('submit_sm').length} submits came` };
    });
  }

  /** Resolves with the answer. */
  async deliver(fields: PduFields, command = 'deliver_sm'): Promise<PDU> {
    const session = this.bound.findLast(({ bind }) => bind.command !== 'bind_transmitter')?.session;
    if (!session) throw new Error('nobody is bound to deliver to');
    return new Promise((resolve) => session.send(new PDU(command, fields), resolve));
  }

  receipt(id: string, state: string, error = '000'): Promise<PDU> {
    const text = `id:${id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:${state} err:${error} text:hi`;
    return this.deliver({ ...handsetToUs, esm_class: 4, short_message: Buffer.from(text) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const session of this.#sessions) session.destroy();
    await closed;
  }

  #opened(session: Session): void {
    this.#sessions.add(session);
    session.on('close', () => this.#sessions.delete(session));
    session.on('error', () => {});
    session.on('pdu', (pdu: PDU) => this.#heard(session, pdu));
  }

  #heard(session: Session, pdu: PDU): void {
    if (!this.#options.forgets) this.heard.push(pdu);
    switch (pdu.command) {
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver': {
        const status = this.#options.onBind ? this.#options.onBind(pdu) : 0;
        if (status === undefined) return;
        session.send(pdu.response({ command_status: status, system_id: 'smsc' }));
        if (status === 0) this.bound.push({ session, bind: pdu });
        return;
      }
      case 'submit_sm':
        (this.#script.shift() ?? this.onSubmit)(pdu, session, this);
        return;
      case 'enquire_link':
        if (this.#options.answersEnquiries !== false) session.send(pdu.response());
        return;
      case 'unbind':
        session.send(pdu.response());
        session.close();
    }
  }
}

/** Addresses of a message to us. */
export const handsetToUs = {
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: '15551230001',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '18005550100',
} as const satisfies PduFields;

/** The text of a message as the package reads it, and its user data headers. */
export function contentOf(pdu: PDU): { readonly message: string; readonly udh?: readonly Buffer[] } {
  return (pdu.short_message?.length === 0 ? { message: '' } : pdu.short_message) as unknown as {
    readonly message: string;
    readonly udh?: readonly Buffer[];
  };
}
