/** A service that texts, as its developer writes it: the official client, raw requests, and a webhook for the events. */
import assert from 'node:assert/strict';
import { SmsClient } from '@azure/communication-sms';
import type { HttpReply, HttpRequest } from '../../scenarios/scenario.ts';
import { type ServerAddress, send } from '../../scenarios/stage/client.ts';
import { until } from '../../scenarios/stage/wait.ts';
import type { TextStory } from '../../src/app/ports/administration.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Answer, type Received, Receiver } from '../conformance/webhook-receiver.ts';

type Ready = Parameters<typeof signedRequest>[0];

export interface GridEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly whole: Readonly<Record<string, unknown>>;
}

export interface ItemResult {
  readonly to: string;
  readonly messageId?: string;
  readonly httpStatusCode: number;
  readonly repeatabilityResult?: string;
  readonly successful: boolean;
  readonly errorMessage?: string;
}

/** Takes events of either schema. */
function take({ method, headers, body }: Received): Answer {
  if (method === 'OPTIONS') return { status: 200, headers: { 'webhook-allowed-origin': '*' } };
  if (headers['aeg-event-type'] !== 'SubscriptionValidation') return { status: 200 };
  const [event] = JSON.parse(body);
  return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
}

function eventOf({ method, headers, body }: Received): readonly GridEvent[] {
  if (method === 'OPTIONS' || headers['aeg-event-type'] === 'SubscriptionValidation') return [];
  const value = JSON.parse(body);
  const whole = Array.isArray(value) ? value[0] : value;
  const type = String(whole.eventType ?? whole.type).replace('Microsoft.Communication.', '');
  return [{ id: whole.id, type, subject: whole.subject, data: whole.data, whole }];
}

export const keyOf = (connectionString: string): string => connectionString.split('accesskey=')[1] ?? '';

export class TextingService implements AsyncDisposable {
  readonly client: SmsClient;
  readonly #ready: Ready;
  readonly #webhook: Receiver;

  private constructor(ready: Ready, webhook: Receiver) {
    this.#ready = ready;
    this.#webhook = webhook;
    this.client = new SmsClient(`endpoint=${ready.httpEndpoint};accesskey=${keyOf(ready.connectionString)}`, {
      allowInsecureConnection: true,
      retryOptions: { maxRetries: 0 },
    });
  }

  /** Subscribed to every event of texts. */
  static async open(
    ready: Ready,
    schema: 'eventgrid' | 'cloudevents' = 'eventgrid',
  ): Promise<TextingService> {
    const webhook = await Receiver.open(take);
    const service = new TextingService(ready, webhook);
    const body = { name: `texts-${schema}`, endpoint: webhook.url('/events'), schema };
    const events = ['SMSReceived', 'SMSDeliveryReportReceived'];
    const made = (await signedRequest(ready, 'POST', 'subscriptions', { ...body, events })) as {
      readonly state: string;
      readonly reason?: string;
    };
    assert.equal(made.state, 'Succeeded', made.reason);
    return service;
  }

  /** To the same subscription, after the server was started anew somewhere else. */
  at(ready: Ready): TextingService {
    return new TextingService(ready, this.#webhook);
  }

  get events(): readonly GridEvent[] {
    return this.#webhook.received.flatMap(eventOf);
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    more: { readonly version?: string; readonly credentials?: 'none'; readonly key?: string } = {},
  ): Promise<HttpReply> {
    const { version = '2026-01-23', credentials = 'key', key = keyOf(this.#ready.connectionString) } = more;
    const address: ServerAddress = { http: this.#ready.httpEndpoint, https: '', ca: '' };
    const asked: HttpRequest = { method, path, apiVersion: version, credentials };
    return send(address, key, body === undefined ? asked : { ...asked, body });
  }

  /** Results of one request to send; `more`: over the body. */
  async send(to: string, more: object = {}): Promise<ItemResult> {
    const smsSendOptions = { enableDeliveryReport: true };
    const body = { from: '+18005550100', smsRecipients: [{ to }], message: 'hello', smsSendOptions, ...more };
    const reply = await this.request('POST', '/sms', body);
    assert.equal(reply.status, 202, JSON.stringify(reply.body));
    const [item] = (reply.body as { readonly value: readonly ItemResult[] }).value;
    assert.ok(item);
    return item;
  }

  /** The only report of a message, once it is there. */
  report(messageId: string | undefined): Promise<GridEvent> {
    return until(`a report of ${messageId}`, async () => {
      const found = this.events.filter(
        ({ type, id }) => type === 'SMSDeliveryReportReceived' && id === messageId,
      );
      const [event] = found;
      assert.ok(found.length <= 1, `${found.length} reports of one message`);
      return event ? { is: event } : { notYet: `${this.events.length} events came` };
    });
  }

  async story(messageId: string | undefined): Promise<TextStory> {
    const { value } = (await signedRequest(this.#ready, 'GET', `messages/${messageId}`, undefined)) as {
      readonly value: readonly TextStory[];
    };
    const [story] = value;
    assert.ok(story);
    return story;
  }

  handset(from: string, to: string, text: string): Promise<unknown> {
    return signedRequest(this.#ready, 'POST', 'sms', { from, to, text });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#webhook.close();
  }
}
