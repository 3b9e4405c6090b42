/** Headers that applications and phones exchange: from SIPp to the official client, and from there to SIPp. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { CustomCallingContext } from '@azure/communication-call-automation';
import { type Application, phone, resultOf } from '../peers/application.ts';
import { sippMissing } from '../peers/sipp.ts';
import { SippStage } from '../peers/sipp-stage.ts';

const skip = sippMissing();

const context: CustomCallingContext = [
  { kind: 'sipuui', key: '', value: '56a390f3;encoding=hex' },
  { kind: 'sipx', key: 'Order', value: '7 & 8', sipHeaderPrefix: 'X-' },
  { kind: 'sipx', key: 'Customer', value: 'Ada <ada@example.org>', sipHeaderPrefix: 'X-MS-Custom-' },
];
const passedOn = {
  'User-To-User': '56a390f3;encoding=hex',
  'X-Order': '7 & 8',
  'X-MS-Custom-Customer': 'Ada <ada@example.org>',
};

for (const protocol of ['udp', 'tcp'] as const) {
  describe(`custom headers over ${protocol.toUpperCase()}`, { skip, timeout: 60_000 }, () => {
    let stage: SippStage;
    let app: Application;
    before(async () => {
      const trunk = ', transfer: refer, assertedIdentity: true';
      stage = await SippStage.open({ protocol, t1: 50, simulated: true, trunk });
      app = stage.app;
    });
    afterEach(() => stage.clean());
    after(() => stage.close());

    const connected = async (to: string): Promise<string> => {
      const id = await stage.dial(to);
      await app.next('CallConnected', id);
      return id;
    };
    const transfer = (
      id: string,
      to: string,
      customCallingContext: readonly CustomCallingContext[number][],
    ) =>
      app.client.getCallConnection(id).transferCallToParticipant(phone(to), {
        customCallingContext: [...customCallingContext],
      });

    test('of a phone that calls reach the application', async () => {
      await stage.caller({ scenario: 'caller-brings-headers', values: { hold: '50' } });
      const { customContext, incomingCallContext } = await app.incoming();
      assert.deepEqual(customContext, {
        sipHeaders: {
          'User-To-User': '56a390f3d2b7310023a2;encoding=hex',
          'X-Order': '7, or 8',
          'X-MS-Custom-Customer': 'Ada "the first" <ada@example.org>',
        },
        voipHeaders: {},
      });
      await app.client.answerCall(incomingCallContext, app.callbackUrl);
      const { callConnectionId } = await app.next('CallConnected');
      await app.next('CallDisconnected', callConnectionId);
      await stage.sippIsContent();
    });

    test('of a transfer by REFER stand in its Refer-To, for the INVITE that the target gets', async () => {
      const refer = [
        'User-To-User=56a390f3%3Bencoding%3Dhex',
        'X-Order=7%20%26%208',
        'X-MS-Custom-Customer=Ada%20%3Cada%40example.org%3E',
      ].join('&amp;');
      const values = { refer, code: '200', reason: 'OK' };
      const id = await stage.call({ scenario: 'callee-is-referred', values });
      await app.next('CallConnected', id);
      await transfer(id, '+15557650000', context);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7015]);
      await stage.sippIsContent();
    });

    test('of a transfer that we make reach the target, with the number that calls asserted', async () => {
      const values = {
        uui: '56a390f3;encoding=hex',
        plain: '7 &amp; 8',
        custom: 'Ada &lt;ada@example.org&gt;',
        asserted: '&lt;sip:.18005550100@',
      };
      await stage.sipp({ scenario: 'callee-checks-headers', values });
      const id = await connected('+15005552010');
      await transfer(id, '+15557654321', context);
      assert.deepEqual(resultOf(await app.next('CallTransferAccepted', id)), [200, 0]);
      await stage.server.clock.advance('2s');
      await stage.sippIsContent();
    });

    test('of a transfer to a number of ours reach the application behind it, those for users too', async () => {
      const id = await connected('+15005552000');
      const all: CustomCallingContext = [...context, { kind: 'voip', key: 'ticket', value: 'line\tone' }];
      await transfer(id, '+18005550102', all);
      const { customContext, incomingCallContext } = await app.incoming();
      assert.deepEqual(customContext, { sipHeaders: passedOn, voipHeaders: { ticket: 'line\tone' } });
      await app.client.rejectCall(incomingCallContext);
      assert.deepEqual(resultOf(await app.next('CallTransferFailed', id)), [603, 8538]);
      await app.client.getCallConnection(id).hangUp(false);
    });

    test('that would forge or flood a SIP message are refused by name: 400/8523', async () => {
      const id = await connected('+15005552000');
      const header = (key: string, value: string): CustomCallingContext => [
        { kind: 'sipx', key, value, sipHeaderPrefix: 'X-' },
      ];
      const many: CustomCallingContext = [1, 2, 3, 4, 5, 6].flatMap((n) => header(`N${n}`, 'v'));
      for (const [bad, message] of [
        [header('A', 'v\r\nVia: SIP/2.0/UDP evil'), /SipHeaders\.X-A is invalid.*line breaks/],
        [header('A\r\nVia', 'v'), /SipHeaders is invalid.*characters of a SIP header name/],
        [header('A: b', 'v'), /SipHeaders is invalid/],
        [header('', 'v'), /SipHeaders is invalid/],
        [header('A', 'v'.repeat(257)), /may have 256 characters and has 257/],
        [header('A'.repeat(63), 'v'), /name of a header may have 64 characters; one has 65/],
        [[...header('A', 'v'), ...header('a', 'w')], /is there twice/],
        [many, /may have 5 headers beside User-To-User and has 6/],
      ] as const) {
        await assert.rejects(transfer(id, '+15557654321', bad), { statusCode: 400, code: '8523', message });
      }
      await app.client.getCallConnection(id).hangUp(false);
    });
  });
}
