/** An application on the official SDK with a webhook of its own, as anybody would write one. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallAutomationClient } from '@azure/communication-call-automation';

export interface Told {
  /** Without `Microsoft.Communication.`. */
  readonly type: string;
  readonly callConnectionId: string;
  readonly code: number;
  readonly subCode: number;
}

export interface ApplicationOptions {
  readonly connectionString: string;
  /** PEM of the server's local CA. */
  readonly ca: string;
  /** What the webhook answers to its `count`th request, 1 being the first; default: 200. */
  readonly answers?: (count: number) => number;
}

interface CallbackEvent {
  readonly type: string;
  readonly data: {
    readonly callConnectionId: string;
    readonly resultInformation: { readonly code: number; readonly subCode: number };
  };
}

const patienceMs = 5000;

export class Application {
  readonly #client: CallAutomationClient;
  readonly #webhook: Server;
  readonly #told: Told[] = [];
  #requests = 0;
  #wake: (() => void)[] = [];

  private constructor({ connectionString, ca, answers = () => 200 }: ApplicationOptions) {
    this.#client = new CallAutomationClient(connectionString, {
      tlsOptions: { ca },
      retryOptions: { maxRetries: 0 },
    });
    this.#webhook = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      this.#requests += 1;
      const status = answers(this.#requests);
      response.writeHead(status).end(status === 200 ? '' : 'out of order');
      if (status === 200) for (const event of JSON.parse(body) as CallbackEvent[]) this.#take(event);
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  static async start(options: ApplicationOptions): Promise<Application> {
    const application = new Application(options);
    await new Promise<void>((resolve) => application.#webhook.listen(0, '127.0.0.1', resolve));
    return application;
  }

  /** Rejects when the call is refused at once. */
  async call(to: string, from = '+18005550100'): Promise<string> {
    const { port } = this.#webhook.address() as AddressInfo;
    const { callConnectionProperties } = await this.#client.createCall(
      { targetParticipant: { phoneNumber: to }, sourceCallIdNumber: { phoneNumber: from } },
      `http://127.0.0.1:${port}/callbacks`,
    );
    return callConnectionProperties.callConnectionId ?? '';
  }

  async hangUp(callConnectionId: string): Promise<void> {
    await this.#client.getCallConnection(callConnectionId).hangUp(true);
  }

  /** Waits for an event of a call; rejects after a bounded wait, saying what came instead. */
  async event(type: string, callConnectionId: string): Promise<Told> {
    const fits = (one: Told): boolean => one.type === type && one.callConnectionId === callConnectionId;
    await this.#until(
      () => this.#told.some(fits),
      () => `no ${type}; what came: ${this.#told.map((one) => one.type).join(', ') || 'nothing'}`,
    );
    return this.#told.find(fits)!;
  }

  /** Waits until the webhook has been called so often, whatever it answered. */
  async requests(count: number): Promise<void> {
    await this.#until(
      () => this.#requests >= count,
      () => `${this.#requests} requests instead of ${count}`,
    );
  }

  async stop(): Promise<void> {
    this.#webhook.closeAllConnections();
    await new Promise((resolve) => this.#webhook.close(resolve));
  }

  #take({ type, data }: CallbackEvent): void {
    const { callConnectionId, resultInformation } = data;
    const { code, subCode } = resultInformation;
    this.#told.push({ type: type.replace('Microsoft.Communication.', ''), callConnectionId, code, subCode });
  }

  async #until(so: () => boolean, whyNot: () => string): Promise<void> {
    const late = AbortSignal.timeout(patienceMs);
    while (!so()) {
      if (late.aborted) throw new Error(`The webhook waited ${patienceMs / 1000} s: ${whyNot()}`);
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        late.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
