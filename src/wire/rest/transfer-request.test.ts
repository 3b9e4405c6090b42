import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
// The package exports its models' types only; the mappers are what the client really writes.
import * as mappers from '../../../node_modules/@azure/communication-call-automation/dist/esm/generated/src/models/mappers.js';
import { customContextModel } from './custom-context.ts';
import { decodeTransfer, transferModel } from './transfer-request.ts';

const number = (value: string) => ({ kind: 'phoneNumber', phoneNumber: { value } });
const decode = (change: Readonly<Record<string, unknown>> = {}) =>
  decodeTransfer({ targetParticipant: number('+15005552001'), ...change }, { allowHttpCallbacks: false });
const faultOf = (change: Readonly<Record<string, unknown>>): string => {
  const read = decode(change);
  assert.ok('fault' in read, `taken: ${JSON.stringify(read)}`);
  return `${read.fault.kind}: ${read.fault.message}`;
};
const context = (sipHeaders: unknown, more = {}) => ({ customCallingContext: { sipHeaders, ...more } });

describe('the models of the official client', () => {
  for (const [name, model] of [
    ['TransferToParticipantRequest', transferModel],
    ['CustomCallingContextInternal', customContextModel],
  ] as const) {
    test(`${name} has exactly the fields that are named here`, () => {
      const { type } = (mappers as Record<string, unknown>)[name] as {
        type: { modelProperties: Record<string, { serializedName: string }> };
      };
      const names = Object.values(type.modelProperties).map(({ serializedName }) => serializedName);
      assert.deepEqual(Object.keys(model).sort(), names.sort());
    });
  }
});

describe('a request to transfer', () => {
  test('is read with every field that is served', () => {
    const read = decode({
      transferee: { rawId: '4:+15005552002' },
      operationContext: 'mine',
      operationCallbackUri: 'https://app.example/transfers',
      sourceCallerIdNumber: { value: '+18005550100' },
      ...context({ 'User-To-User': 'a', 'x-Order': '7' }, { voipHeaders: { ticket: '8' } }),
    });
    assert.deepEqual('ok' in read && read.ok, {
      target: { kind: 'phoneNumber', rawId: '4:+15005552001', number: '+15005552001' },
      transferee: { kind: 'phoneNumber', rawId: '4:+15005552002', number: '+15005552002' },
      operationContext: 'mine',
      callbackUri: 'https://app.example/transfers',
      sourceCallerId: '+18005550100',
      sipHeaders: [
        { name: 'User-To-User', value: 'a' },
        { name: 'x-Order', value: '7' },
      ],
      voipHeaders: [{ name: 'ticket', value: '8' }],
    });
  });

  test('needs a target, and takes the empty context that the client always sends', () => {
    assert.match(faultOf({ targetParticipant: null }), /TargetParticipant is invalid\. It is required/);
    assert.ok('ok' in decode(context({}, { voipHeaders: {}, teamsPhoneCallDetails: null })));
    assert.match(
      faultOf(context({}, { teamsPhoneCallDetails: { sessionId: 'x' } })),
      /^unsupported: customCallingContext\.teamsPhoneCallDetails/,
    );
  });

  for (const [what, sipHeaders, message] of [
    ['another header of SIP', { Via: 'x' }, /"Via": It must be named User-To-User/],
    ['a line break in a value', { 'X-A': 'a\r\nb' }, /must not contain line breaks/],
    ['a line break in a name', { 'X-A\r\nB': 'a' }, /characters of a SIP header name/],
    ['a value that is no text', { 'X-A': 7 }, /It must be a string and is a number/],
    ['too long a value', { 'X-A': 'a'.repeat(257) }, /may have 256 characters and has 257/],
    ['too long a name', { [`X-${'a'.repeat(63)}`]: 'a' }, /may have 64 characters; one has 65/],
    ['one name in two spellings', { 'X-A': 'a', 'x-a': 'b' }, /is there twice/],
    ['no object', ['X-A'], /It must be an object and is an array/],
  ] as const) {
    test(`may not bring ${what}`, () => assert.match(faultOf(context(sipHeaders)), message));
  }

  test('may bring five headers beside User-To-User', () => {
    const headers = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`X-${n}`, 'v']));
    assert.ok('ok' in decode(context({ ...headers, 'User-To-User': 'u' })));
    assert.match(faultOf(context({ ...headers, 'X-MS-Custom-6': 'v' })), /may have 5 headers .* has 6/);
  });
});
