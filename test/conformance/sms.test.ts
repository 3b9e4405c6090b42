/** Sending texts with the official client and by hand, and what is told of them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { run } from '../../src/cli/run.ts';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type ItemResult, TextingService } from '../peers/texting.ts';

const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
/** The usual ten, and a short code. */
const numbers = `numbers:
${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `  - number: "+1800555010${n}"`).join('\n')}
  - { number: "12345", kind: shortCode }`;
const settings = `
${numbers}
sms: { rates: none, replies: { stop: "Goodbye." } }
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
`;
const from = '+18005550100';
const outgoing = /^Outgoing_\d{14}[\da-f-]{36}_noam$/;

describe('texts', () => {
  let server: Ringback;
  let service: TextingService;
  before(async () => {
    server = await startRingback({ config: settings });
    service = await TextingService.open(server.server.ready);
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await server.stop();
  });

  test('are sent by the official client, each recipient with its own result and report', async () => {
    const to = ['+15005620000', '12', '+15005640040'];
    const results = await service.client.send(
      { from, to, message: 'hello 👋' },
      { enableDeliveryReport: true, tag: 'campaign 1' },
    );
    assert.deepEqual(
      results.map((result) => [
        result.to,
        result.httpStatusCode,
        result.successful,
        (result as ItemResult).repeatabilityResult,
      ]),
      [
        ['+15005620000', 202, true, 'accepted'],
        ['12', 400, false, undefined],
        ['+15005640040', 202, true, 'accepted'],
      ],
    );
    assert.equal(results[1]?.errorMessage, 'Invalid To phone number format.');
    assert.match(results[0]?.messageId ?? '', outgoing);
    const delivered = await service.report(results[0]?.messageId);
    assert.equal(delivered.subject, '/phonenumber/18005550100');
    const { receivedTimestamp, deliveryAttempts, ...data } = delivered.data;
    assert.deepEqual(data, {
      messageId: results[0]?.messageId,
      from,
      to: '+15005620000',
      deliveryStatus: 'Delivered',
      deliveryStatusDetails: '2000: No Error',
      tag: 'campaign 1',
    });
    assert.ok(Date.parse(String(receivedTimestamp)) > 0);
    const [attempt, ...others] = deliveryAttempts as readonly Readonly<Record<string, unknown>>[];
    assert.deepEqual([attempt?.segmentsSucceeded, attempt?.segmentsFailed, others], [1, 0, []]);
    const failed = await service.report(results[2]?.messageId);
    assert.equal(failed.data.deliveryStatus, 'Failed');
    assert.equal(failed.data.deliveryStatusDetails, '4004: Recipient does not exist');
  });

  test('without a delivery report end in silence, and are known by their id all the same', async () => {
    const [result] = await service.client.send({ from, to: ['+15005640050'], message: 'hello' });
    const path = `/deliveryReports/${result?.messageId}`;
    const report = await until('the end of a text', async () => {
      const { body } = await service.request('GET', path);
      const { deliveryStatus } = body as { readonly deliveryStatus: string };
      return deliveryStatus === 'Pending' ? { notYet: 'it is pending' } : { is: body };
    });
    const { deliveryStatus, deliveryStatusDetails, messageId } = report as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      [deliveryStatus, deliveryStatusDetails, messageId],
      ['Failed', "4005: Blocked by the recipient's carrier", result?.messageId],
    );
    assert.ok(!service.events.some(({ id }) => id === result?.messageId));
  });

  test('are reported in the CloudEvents schema too', async () => {
    const cloud = await TextingService.open(server.server.ready, 'cloudevents');
    const { messageId } = await cloud.send('+15005620000');
    const { whole } = await cloud.report(messageId);
    assert.deepEqual(
      [whole.specversion, whole.type, whole.id],
      ['1.0', 'Microsoft.Communication.SMSDeliveryReportReceived', messageId],
    );
    await cloud[Symbol.asyncDispose]();
  });

  test('are sent by every version, and by no other', async () => {
    const versions = ['2021-03-07', '2024-02-05', '2025-09-17', '2026-01-23'];
    const previews = ['2024-12-10-preview', '2025-05-29-preview', '2025-08-01-preview'];
    const body = { from, smsRecipients: [{ to: '+15005620000' }], message: 'hello' };
    for (const version of [...versions, ...previews]) {
      const reply = await service.request('POST', '/sms', body, { version });
      assert.equal(reply.status, 202, version);
    }
    const unknown = await service.request('POST', '/sms', body, { version: '2020-01-01' });
    assert.equal(unknown.status, 400);
    const early = await service.request('POST', '/sms/optouts:check', {}, { version: '2024-02-05' });
    assert.equal(early.status, 400, 'opt-outs came later');
    const late = await service.request('GET', '/deliveryReports/x', undefined, { version: '2025-09-17' });
    assert.equal(late.status, 400, 'reports by id came later still');
  });

  test('of which no report comes in time say so then', async () => {
    const smsSendOptions = { enableDeliveryReport: true, deliveryReportTimeoutInSeconds: 60 };
    const { messageId } = await service.send('+15005650020', { smsSendOptions });
    const report = async () => (await service.request('GET', `/deliveryReports/${messageId}`)).body;
    assert.equal(((await report()) as { deliveryStatus: string }).deliveryStatus, 'Pending');
    await server.clock.advance('59s');
    assert.equal(((await report()) as { deliveryStatus: string }).deliveryStatus, 'Pending');
    await server.clock.advance('1s');
    const { data } = await service.report(messageId);
    assert.equal(data.deliveryStatusDetails, '5002: No delivery report');
  });

  test('are sent again for no repetition of a request', async () => {
    const repeatabilityRequestId = '0c0b9b6a-1f2d-4f1b-8f43-3f4ce8f7a111';
    const repeatabilityFirstSent = 'Mon, 01 Apr 2019 06:22:03 GMT';
    const smsRecipients = [{ to: '+15005620000', repeatabilityRequestId, repeatabilityFirstSent }];
    const first = await service.send('', { smsRecipients });
    const second = await service.send('', { smsRecipients });
    assert.equal(second.messageId, first.messageId);
    assert.equal(second.repeatabilityResult, 'accepted');
    const wrong = await service.send('', { smsRecipients: [{ to: '+15005620000', repeatabilityRequestId }] });
    assert.deepEqual(
      [wrong.httpStatusCode, wrong.repeatabilityResult, wrong.successful],
      [400, 'rejected', false],
    );
    assert.match(wrong.errorMessage ?? '', /Invalid DateTime value for repeatability-first-sent/);
  });

  test('come from numbers, short codes and names, where there is a route for them', async () => {
    for (const sender of [from, '12345']) {
      const { messageId } = await service.send('+15005620000', { from: sender });
      assert.equal((await service.report(messageId)).data.deliveryStatus, 'Delivered', sender);
    }
    const named = await service.send('+447700900123', { from: 'CONTOSO' });
    const { subject, data } = await service.report(named.messageId);
    assert.deepEqual([subject, data.deliveryStatus], ['/phonenumber/CONTOSO', 'Delivered']);
    const abroad = await service.send('+15005620000', { from: 'CONTOSO' });
    const details = (await service.report(abroad.messageId)).data.deliveryStatusDetails;
    assert.equal(details, '4003: Destination not supported by this sender');
  });

  test('of handsets are told, and STOP is heeded until START comes', async () => {
    const handset = '+15005620007';
    const long = 'a long message, '.repeat(20);
    await service.handset(handset, from, long);
    await service.handset(handset, from, 'stop');
    const events = await until('two texts', async () => {
      const found = service.events.filter(
        ({ type, data }) => type === 'SMSReceived' && data.from === handset,
      );
      return found.length === 2 ? { is: found } : { notYet: `${found.length} came` };
    });
    const told = events.find(({ data }) => data.message === long);
    assert.deepEqual(
      [told?.subject, told?.data.to, told?.data.segmentCount],
      ['/phonenumber/18005550100', from, 3],
    );
    assert.match(told?.id ?? '', /^Incoming_\d{14}[\da-f-]{36}$/);
    const check = async (): Promise<unknown> =>
      (await service.request('POST', '/sms/optouts:check', { from, recipients: [{ to: handset }] })).body;
    assert.deepEqual(await check(), { value: [{ to: handset, httpStatusCode: 200, isOptedOut: true }] });
    const { messageId } = await service.send(handset);
    const { data } = await service.report(messageId);
    assert.equal(data.deliveryStatusDetails, '4007: Recipient has opted out');
    await service.handset(handset, from, 'UNSTOP');
    assert.deepEqual(await check(), { value: [{ to: handset, httpStatusCode: 200, isOptedOut: false }] });
  });

  test('are kept from those whose opt-outs were added, until they are removed', async () => {
    const recipients = [{ to: '+15005620008' }, { to: 'nonsense' }];
    const ask = async (what: string) =>
      (await service.request('POST', `/sms/optouts:${what}`, { from, recipients })).body;
    const wrong = {
      to: 'nonsense',
      httpStatusCode: 400,
      errorMessage: 'Invalid recipient phone number format',
    };
    assert.deepEqual(await ask('add'), { value: [{ to: '+15005620008', httpStatusCode: 200 }, wrong] });
    const { messageId } = await service.send('+15005620008');
    assert.match(String((await service.report(messageId)).data.deliveryStatusDetails), /^4007/);
    assert.deepEqual(await ask('remove'), { value: [{ to: '+15005620008', httpStatusCode: 200 }, wrong] });
    const again = await service.send('+15005620008');
    assert.match(String((await service.report(again.messageId)).data.deliveryStatusDetails), /^2000/);
  });

  test('are explained from their journal, without what they said', async () => {
    const { messageId = '' } = await service.send('+15005640060', { message: 'a secret' });
    await service.report(messageId);
    const lines: string[] = [];
    const line = (text: string) => void lines.push(text);
    const none = { data: undefined, connectionString: undefined };
    const { connectionString } = server;
    const connection = connectionString.replace(server.endpoint, server.httpEndpoint);
    const asked = ['explain', messageId, '--connection-string', connection];
    assert.equal(await run(asked, { line, note: line }, none), 0);
    const text = lines.join('\n');
    for (const part of [
      /4006 Handset cannot be reached \(sms\/4006, handset-unreachable@reporting\)/,
      /accepted from \+18005550100 to \+15005640060: 1 part/,
      /part 1 taken by carrier simulated, which calls it /,
      /receipt UNDELIV err 027 for part 1 from carrier simulated/,
      /SMSDeliveryReportReceived to subscription texts-eventgrid: 200/,
      /To see it again: ringback reproduce sms\/4006/,
    ])
      assert.match(text, part);
    assert.doesNotMatch(text, /secret/);
  });

  test('are counted by the row that they ended in', async () => {
    const { messageId } = await service.send('+15005699990');
    await service.report(messageId);
    const { body } = await service.request('GET', '/metrics', undefined, { credentials: 'none' });
    assert.match(String(body), /ringback_outcomes_total\{surface="sms",row="sms\/9999"\} \d/);
    assert.match(String(body), /ringback_sms_carrier_bound\{carrier="simulated"\} 1/);
    assert.match(String(body), /ringback_sms_queued\{carriers="simulated"\} \d|ringback_sms_pending/);
  });

  describe('that are wrong are refused:', () => {
    const body = { from, smsRecipients: [{ to: '+15005620000' }], message: 'hello' };
    const recipients = (count: number) => Array.from({ length: count }, () => ({ to: '+15005620000' }));
    const cases: Readonly<
      Record<string, readonly [body: unknown, status: number, code: string, says: RegExp]>
    > = {
      'a sender that is nobody’s': [
        { ...body, from: '+18005559999' },
        401,
        'Unauthorized',
        /not one of this resource/,
      ],
      'a sender that is no sender': [{ ...body, from: 'far too long a name' }, 400, 'InvalidInput', /From/],
      'no sender': [{ ...body, from: undefined }, 400, 'InvalidInput', /From.*required/],
      'no recipients': [{ ...body, smsRecipients: [] }, 400, 'InvalidInput', /SmsRecipients/],
      '101 recipients': [{ ...body, smsRecipients: recipients(101) }, 400, 'InvalidInput', /100/],
      '1,001 recipients': [{ ...body, smsRecipients: recipients(1001) }, 400, 'InvalidInput', /100/],
      'a recipient that is no object': [
        { ...body, smsRecipients: ['+1'] },
        400,
        'InvalidInput',
        /SmsRecipients\[0\]/,
      ],
      'no message': [{ ...body, message: undefined }, 400, 'InvalidInput', /Message.*required/],
      'a message that is too long': [{ ...body, message: 'x'.repeat(2049) }, 400, 'InvalidInput', /2048/],
      'a message that is a number': [{ ...body, message: 5 }, 400, 'InvalidInput', /Message/],
      'options without their flag': [
        { ...body, smsSendOptions: {} },
        400,
        'InvalidInput',
        /EnableDeliveryReport/,
      ],
      'a time-out that is too short': [
        { ...body, smsSendOptions: { enableDeliveryReport: true, deliveryReportTimeoutInSeconds: 59 } },
        400,
        'InvalidInput',
        /60 to 43200/,
      ],
      'a partner': [
        {
          ...body,
          smsSendOptions: { enableDeliveryReport: true, messagingConnect: { apiKey: 'k', partner: 'p' } },
        },
        405,
        'MethodNotAllowed',
        /messagingConnect/,
      ],
      'a list': [[], 400, 'InvalidInput', /object/],
    };
    for (const [name, [wrong, status, code, says]] of Object.entries(cases))
      test(name, async () => {
        const reply = await service.request('POST', '/sms', wrong);
        const { error } = reply.body as {
          readonly error: { readonly code: string; readonly message: string; readonly innererror?: object };
        };
        assert.deepEqual([reply.status, error.code], [status, code]);
        assert.match(JSON.stringify(error), says);
      });

    test('no credentials, and another resource’s number and report', async () => {
      const none = await service.request('POST', '/sms', body, { credentials: 'none' });
      assert.deepEqual([none.status, (none.body as { error: { code: string } }).error.code], [401, 'Denied']);
      const foreign = await service.request('POST', '/sms', body, { key: otherKey });
      assert.equal(foreign.status, 401);
      const { messageId } = await service.send('+15005620000');
      for (const [id, key] of [
        [messageId, otherKey],
        ['Outgoing_20230118181300aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa_noam', developmentKey],
        ['nonsense', developmentKey],
      ]) {
        const reply = await service.request('GET', `/deliveryReports/${id}`, undefined, { key: key ?? '' });
        assert.deepEqual([reply.status, (reply.body as { title: string }).title], [404, 'Not Found']);
      }
    });

    test('an empty message is none of it', async () => {
      const sent = await service.send('+15005620000', { message: '' });
      assert.equal((await service.report(sent.messageId)).data.deliveryStatus, 'Delivered');
    });

    test('with the official client, which then throws', async () => {
      await assert.rejects(
        service.client.send({ from: '+18005559999', to: ['+15005620000'], message: 'x' }),
        {
          statusCode: 401,
        },
      );
    });
  });
});

test('texts above the documented rate are refused until it has passed', async () => {
  const server = await startRingback();
  const service = await TextingService.open(server.server.ready);
  const smsRecipients = Array.from({ length: 100 }, () => ({ to: '+442079460100' }));
  const body = { from, smsRecipients, message: 'hello' };
  const send = () => service.request('POST', '/sms', body);
  assert.deepEqual([(await send()).status, (await send()).status], [202, 202]);
  const above = await send();
  assert.deepEqual([above.status, above.headers['retry-after']], [429, '60']);
  await server.clock.advance('60s');
  const reply = await send();
  assert.equal((reply.body as { value: readonly ItemResult[] }).value.length, 100);
  await service[Symbol.asyncDispose]();
  await server.stop();
});
