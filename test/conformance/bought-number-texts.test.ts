/** A number that was bought through the official client sends and receives texts at once, and no more when it was released. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PhoneNumbersClient } from '@azure/communication-phone-numbers';
import { until } from '../../scenarios/stage/wait.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { TextingService } from '../peers/texting.ts';

const handset = '+15005620001';

describe('a number that was bought for texts', () => {
  let server: Ringback;
  let service: TextingService;
  let client: PhoneNumbersClient;
  let number: string;

  before(async () => {
    server = await startRingback();
    service = await TextingService.open(server.server.ready);
    client = new PhoneNumbersClient(server.connectionString, {
      retryOptions: { maxRetries: 0 },
      tlsOptions: { ca: server.ca },
    });
    const search = await client.beginSearchAvailablePhoneNumbers({
      countryCode: 'US',
      phoneNumberType: 'tollFree',
      assignmentType: 'application',
      capabilities: { calling: 'none', sms: 'inbound+outbound' },
    });
    const { searchId, phoneNumbers } = await search.pollUntilDone();
    await (await client.beginPurchasePhoneNumbers(searchId)).pollUntilDone();
    number = phoneNumbers[0] ?? '';
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await server.stop();
  });

  test('receives one', async () => {
    await service.handset(handset, number, 'hello, new number');
    const { data } = await until('SMSReceived', async () => {
      const event = service.events.find(({ type }) => type === 'SMSReceived');
      return event ? { is: event } : { notYet: 'no such event' };
    });
    assert.equal(data.message, 'hello, new number');
    assert.deepEqual([data.from, data.to], [handset, number]);
  });

  test('sends one, which arrives', async () => {
    const [sent] = await service.client.send(
      { from: number, to: [handset], message: 'hello yourself' },
      { enableDeliveryReport: true },
    );
    assert.equal(sent?.successful, true);
    const { data } = await service.report(sent.messageId);
    assert.equal(data.deliveryStatus, 'Delivered');
  });

  test('does neither once it was released', async () => {
    await (await client.beginReleasePhoneNumber(number)).pollUntilDone();
    const sending = service.client.send({ from: number, to: [handset], message: 'still there?' });
    await assert.rejects(sending, { statusCode: 401 });
    await assert.rejects(service.handset(handset, number, 'anybody?'), /no number of this server/);
  });
});
