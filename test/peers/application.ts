/** An application as its developer writes it: the official client, a webhook for callbacks and one for Event Grid. */
import assert from 'node:assert/strict';
import {
  CallAutomationClient,
  type CallAutomationEvent,
  parseCallAutomationEvent,
} from '@azure/communication-call-automation';
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Answer, type Received, Receiver } from '../conformance/webhook-receiver.ts';

type Kind = NonNullable<CallAutomationEvent['kind']>;
export type EventOf<K extends Kind> = Extract<CallAutomationEvent, { kind: K }>;

/** The fields of an IncomingCall event that applications read. */
export interface IncomingCall {
  readonly incomingCallContext: string;
  readonly from: { readonly kind: string; readonly rawId: string };
  readonly to: { readonly kind: string; readonly rawId: string };
  readonly serverCallId: string;
  readonly correlationId: string;
  readonly callerDisplayName: string;
  readonly customContext?: { readonly sipHeaders: Readonly<Record<string, string>> };
}

export interface ApplicationOptions {
  /** Where the server is; its own access key unless `accessKey` names another. */
  readonly server: Parameters<typeof signedRequest>[0];
  readonly accessKey?: string;
  /** Over plain HTTP where absent: PEM of the CA, and the certificate of its own webhook. */
  readonly tls?: { readonly ca: string; readonly webhook: { readonly cert: string; readonly key: string } };
  /** Another address of the same server. */
  readonly endpoint?: string;
  readonly maxRetries?: number;
}

export interface Application extends AsyncDisposable {
  readonly client: CallAutomationClient;
  readonly callbackUrl: string;
  /** Every callback, in the order in which it was taken. */
  readonly events: readonly CallAutomationEvent[];
  readonly webhook: Receiver;
  /** The next event of this kind that was not given out yet, of one connection where it is named. */
  next<K extends Kind>(kind: K, callConnectionId?: string): Promise<EventOf<K>>;
  /** Kinds of the events of a connection, in order. */
  stream(callConnectionId: string): readonly string[];
  /** Subscribes to IncomingCall; `resource`: of another one than the first. */
  listen(resource?: string): Promise<void>;
  incoming(): Promise<IncomingCall>;
}

const eventsPath = '/events';
let applications = 0;

export async function openApplication(options: ApplicationOptions): Promise<Application> {
  const { server, tls } = options;
  const events: CallAutomationEvent[] = [];
  const incoming: IncomingCall[] = [];
  const given = new Set<CallAutomationEvent>();
  const faults: unknown[] = [];

  const take = ({ path, headers, body }: Received): Answer => {
    try {
      if (path !== eventsPath) events.push(parseCallAutomationEvent(JSON.parse(body)));
      else {
        const [event] = JSON.parse(body);
        if (headers['aeg-event-type'] === 'SubscriptionValidation')
          return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
        incoming.push(event.data);
      }
    } catch (fault) {
      faults.push(fault);
      return { status: 400 };
    }
    return { status: 200 };
  };
  const webhook = await Receiver.open(take, tls?.webhook);
  const accessKey = options.accessKey ?? server.connectionString.split('accesskey=')[1];
  const endpoint = options.endpoint ?? (tls ? server.endpoint : server.httpEndpoint);
  const client = new CallAutomationClient(`endpoint=${endpoint};accesskey=${accessKey}`, {
    retryOptions: { maxRetries: options.maxRetries ?? 0, retryDelayInMs: 10 },
    // The pipeline refuses plain http unless it is told so, with a key as with a token.
    ...(tls ? { tlsOptions: { ca: tls.ca } } : { allowInsecureConnection: true }),
  });

  return {
    client,
    callbackUrl: webhook.url('/callbacks'),
    events,
    webhook,
    next: (kind, callConnectionId) =>
      until(`event ${kind}`, async () => {
        const isIt = (event: CallAutomationEvent): event is EventOf<typeof kind> =>
          event.kind === kind &&
          !given.has(event) &&
          (callConnectionId === undefined || event.callConnectionId === callConnectionId);
        const found = events.find(isIt);
        if (!found) return { notYet: `there were ${events.map((event) => event.kind).join(', ') || 'none'}` };
        given.add(found);
        return { is: found };
      }),
    stream: (callConnectionId) =>
      events.filter((event) => event.callConnectionId === callConnectionId).map(({ kind }) => kind ?? ''),
    async listen(resource) {
      applications += 1;
      const subscription = {
        name: `application-${applications}`,
        endpoint: webhook.url(eventsPath),
        events: ['IncomingCall'],
        ...(resource === undefined ? {} : { resource }),
      };
      const { state, reason } = (await signedRequest(server, 'POST', 'subscriptions', subscription)) as {
        readonly state: string;
        readonly reason?: string;
      };
      assert.equal(state, 'Succeeded', reason);
    },
    incoming: () =>
      until('IncomingCall', async () => {
        const found = incoming.shift();
        return found ? { is: found } : { notYet: `the webhook got ${webhook.received.length} requests` };
      }),
    async [Symbol.asyncDispose]() {
      await webhook.close();
      assert.deepEqual(faults, [], 'the SDK reads every callback');
    },
  };
}

/** A phone number as the SDK wants it; calls show the first development number unless told otherwise. */
export const phone = (phoneNumber: string): { phoneNumber: string } => ({ phoneNumber });
export const invite = (to: string, from = '+18005550100') => ({
  targetParticipant: phone(to),
  sourceCallIdNumber: phone(from),
});

/** What an event says came of it: code and subcode. */
export const resultOf = ({ resultInformation }: CallAutomationEvent): readonly (number | undefined)[] => [
  resultInformation?.code,
  resultInformation?.subCode,
];
