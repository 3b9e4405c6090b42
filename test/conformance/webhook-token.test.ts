/** What the receiver of callbacks and events sees of the whole server: its tokens, its handshakes, its events. */
import assert from 'node:assert/strict';
import { get } from 'node:https';
import { dirname } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { until } from '../../scenarios/stage/wait.ts';
import { developmentResource } from '../../src/config/development.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { issueCertificate } from '../../src/main.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication } from '../peers/application.ts';
import { type Received, Receiver } from './webhook-receiver.ts';

const bob = `8:acs:${developmentResource.id}_bob`;
const prefix = 'Microsoft.Communication.';

let server: Ringback;
let app: Application;
let certificate: { readonly cert: string; readonly key: string };

function readOverHttps<T>(url: string): Promise<T> {
  return new Promise((resolve, reject) => {
    get(url, { ca: server.ca }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(JSON.parse(text) as T));
    }).on('error', reject);
  });
}

before(async () => {
  server = await startRingback();
  certificate = await issueCertificate(dirname(server.caFile), ['localhost']);
  app = await openApplication({ server: server.server.ready, tls: { ca: server.ca, webhook: certificate } });
});
after(async () => {
  await server.stop();
  await app[Symbol.asyncDispose]();
});

test('the token of a callback is accepted by whoever follows the OpenID configuration over HTTPS', async () => {
  await app.client.createCall(invite('+15005554860'), app.callbackUrl);
  await app.next('CallDisconnected');
  const { issuer, jwks_uri } = await readOverHttps<{ issuer: string; jwks_uri: string }>(
    new URL('/calling/.well-known/acsopenidconfiguration', server.endpoint).href,
  );
  assert.deepEqual(
    [issuer, jwks_uri],
    ['https://acscallautomation.communication.azure.com', new URL('/calling/keys', server.endpoint).href],
  );
  const keys = createLocalJWKSet(await readOverHttps<JSONWebKeySet>(jwks_uri));
  const tokens = app.webhook.received.map(({ headers }) => headers.authorization?.replace(/^Bearer /, ''));
  assert.equal(tokens.length, 2);
  for (const token of tokens) {
    const { payload, protectedHeader } = await jwtVerify(token ?? '', keys, {
      issuer,
      audience: developmentResource.id,
    });
    assert.equal(protectedHeader.alg, 'RS256');
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  }
  await assert.rejects(jwtVerify(tokens[0] ?? '', keys, { issuer, audience: 'another resource' }), {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
  });
});

interface GridEvent {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Both envelopes, read alike. */
function eventOf({ body }: Received): GridEvent {
  const parsed = JSON.parse(body);
  const { eventType, type = eventType, subject, data } = Array.isArray(parsed) ? parsed[0] : parsed;
  return { type: type.replace(prefix, ''), subject, data };
}

for (const schema of ['eventgrid', 'cloudevents'] as const) {
  describe(`an Event Grid endpoint with the ${schema} schema`, () => {
    let endpoint: Receiver;
    const shakes: Received[] = [];
    const events: GridEvent[] = [];
    const next = (type: string): Promise<GridEvent> =>
      until(`event ${type}`, async () => {
        const index = events.findIndex((event) => event.type === type);
        const [found] = index < 0 ? [] : events.splice(index, 1);
        return found ? { is: found } : { notYet: `there were ${events.map((event) => event.type)}` };
      });

    before(async () => {
      endpoint = await Receiver.open((request) => {
        const { method, headers } = request;
        const asked = method === 'OPTIONS' || headers['aeg-event-type'] === 'SubscriptionValidation';
        if (!asked) {
          events.push(eventOf(request));
          return { status: 200 };
        }
        shakes.push(request);
        if (method === 'OPTIONS')
          return {
            status: 200,
            headers: { 'WebHook-Allowed-Origin': headers['webhook-request-origin'] as string },
          };
        const [{ data }] = JSON.parse(request.body);
        return { status: 200, body: JSON.stringify({ validationResponse: data.validationCode }) };
      }, certificate);
      const subscription = { name: schema, endpoint: endpoint.url('/grid'), schema };
      const made = await signedRequest(server.server.ready, 'POST', 'subscriptions', subscription);
      assert.equal((made as { state: string }).state, 'Succeeded', JSON.stringify(made));
    });
    afterEach(() => assert.deepEqual(events, [], 'nothing came that nobody waited for'));
    after(async () => {
      await signedRequest(server.server.ready, 'DELETE', `subscriptions/${schema}`, undefined);
      await endpoint.close();
    });

    test('is asked once whether it wants events', () => {
      assert.deepEqual(
        shakes.map(({ method, path }) => `${method} ${path}`),
        [schema === 'cloudevents' ? 'OPTIONS /grid' : 'POST /grid'],
      );
    });

    test('is offered a call of a phone and nothing else of it', async () => {
      await signedRequest(server.server.ready, 'POST', 'dial', { from: '+15005552000', to: '+18005550104' });
      const { subject, data } = await next('IncomingCall');
      assert.equal(subject, '/caller/4:+15005552000/recipient/4:+18005550104');
      assert.deepEqual(data.from, {
        kind: 'phoneNumber',
        rawId: '4:+15005552000',
        phoneNumber: { value: '+15005552000' },
      });
      const { callConnection } = await app.client.answerCall(
        String(data.incomingCallContext),
        app.callbackUrl,
      );
      const { callConnectionId } = await app.next('CallConnected');
      await callConnection.hangUp(true);
      await app.next('CallDisconnected', callConnectionId);
    });

    test('hears of the whole call of a user whom an application answers for', async () => {
      const { callConnection, callConnectionProperties } = await app.client.createCall(
        { targetParticipant: { communicationUserId: bob } },
        app.callbackUrl,
      );
      const { callConnectionId: calling } = callConnectionProperties;
      const incoming = await next('IncomingCall');
      assert.deepEqual(incoming.data.to, {
        kind: 'communicationUser',
        rawId: bob,
        communicationUser: { id: bob },
      });
      const { serverCallId, correlationId } = incoming.data;
      await app.client.answerCall(String(incoming.data.incomingCallContext), app.callbackUrl);
      await app.next('CallConnected', calling);

      const started = await next('CallStarted');
      const startedBy = started.data.startedBy as { communicationIdentifier: { rawId: string } };
      assert.equal(
        started.subject,
        `call/${serverCallId}/startedBy/${startedBy.communicationIdentifier.rawId}`,
      );
      const added = await next('CallParticipantAdded');
      await callConnection.hangUp(true);
      const removed = await next('CallParticipantRemoved');
      const ended = await next('CallEnded');
      for (const { data } of [started, added, removed, ended]) {
        assert.deepEqual(
          [data.serverCallId, data.correlationId, data.isTwoParty, data.isRoomsCall],
          [serverCallId, correlationId, true, false],
        );
      }
      for (const { subject, data } of [added, removed]) {
        assert.equal(subject, `call/${serverCallId}/participant/${bob}`);
        const user = data.user as { communicationIdentifier: { rawId: string } };
        assert.equal(user.communicationIdentifier.rawId, bob);
      }
      assert.equal(added.data.participantId, removed.data.participantId);
      assert.equal(ended.subject, `call/${serverCallId}`);
      const { code, subCode } = ended.data.reason as { code: number; subCode: number };
      assert.deepEqual([code, subCode], [0, 7000]);
      await app.next('CallDisconnected', calling);
    });
  });
}
