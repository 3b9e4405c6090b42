import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
// The package exports its models' types only; the mappers are what the client really writes.
import * as mappers from '../../../node_modules/@azure/communication-call-automation/dist/esm/generated/src/models/mappers.js';
import {
  answerCallModel,
  createCallModel,
  decodeAnswerCall,
  decodeCreateCall,
  decodeRedirectCall,
  decodeRejectCall,
  redirectCallModel,
  rejectCallModel,
} from './call-requests.ts';

const policy = { allowHttpCallbacks: false };
const targets = [{ kind: 'phoneNumber', rawId: '4:+15005552001', phoneNumber: { value: '+15005552001' } }];
const callbackUri = 'https://app.example/cb?x=1';
const create = (change: Readonly<Record<string, unknown>> = {}) =>
  decodeCreateCall({ targets, callbackUri, ...change }, policy);

/** Where a mapper of the official client puts each property on the wire. */
function wireNames(mapper: unknown): readonly string[] {
  const { type } = mapper as { type: { modelProperties: Record<string, { serializedName: string }> } };
  return Object.values(type.modelProperties).map((property) => property.serializedName);
}

describe('the models of the official client', () => {
  for (const [name, model] of [
    ['CreateCallRequest', createCallModel],
    ['AnswerCallRequest', answerCallModel],
    ['RejectCallRequest', rejectCallModel],
    ['RedirectCallRequest', redirectCallModel],
  ] as const) {
    test(`${name} has exactly the fields that are named here`, () => {
      assert.deepEqual(
        Object.keys(model).sort(),
        [...wireNames((mappers as Record<string, unknown>)[name])].sort(),
      );
    });
  }
});

describe('a request to create a call', () => {
  test('is read with every field that is served', () => {
    const source = '8:acs:resource_user';
    const read = create({
      sourceCallerIdNumber: { value: '+18005550100' },
      sourceDisplayName: 'Café',
      source: { id: source },
      operationContext: '{"a":\n1}',
    });
    assert.deepEqual(read, {
      ok: {
        targets: [{ kind: 'phoneNumber', rawId: '4:+15005552001', number: '+15005552001' }],
        callbackUri,
        source: { kind: 'communicationUser', rawId: source },
        sourceCallerId: '+18005550100',
        sourceDisplayName: 'Café',
        operationContext: '{"a":\n1}',
      },
      ignored: [],
    });
  });

  test('treats null as absent, and empty options as none', () => {
    const read = create({
      source: null,
      sourceDisplayName: null,
      callIntelligenceOptions: { cognitiveServicesEndpoint: '' },
      transcriptionOptions: null,
      teamsAppSource: {},
    });
    assert.ok('ok' in read);
    assert.deepEqual(Object.keys(read.ok), ['targets', 'callbackUri']);
  });

  test('names what no model has, and does not mind', () => {
    const read = create({ colour: 'blue', __proto__x: 1, constructor: 2 });
    assert.ok('ok' in read);
    assert.deepEqual(read.ignored, ['colour', '__proto__x', 'constructor']);
  });

  test('is refused for teamsAppSource by name', () => {
    const read = create({ teamsAppSource: { a: { b: false } } });
    assert.ok('fault' in read);
    assert.deepEqual([read.fault.kind, read.fault.field], ['unsupported', 'teamsAppSource']);
  });

  const faults: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['a body that is an array', [], '', /must be a JSON object and is an array/],
    ['no callback', { targets }, 'callbackUri', /^The field CallbackUri is invalid\. It is required\.$/],
    ['a relative callback', { targets, callbackUri: '/cb' }, 'callbackUri', /absolute https URL/],
    [
      'a callback without slashes',
      { targets, callbackUri: 'https:app.example' },
      'callbackUri',
      /absolute https URL/,
    ],
    [
      'a callback with a password',
      { targets, callbackUri: 'https://u:p@app.example/' },
      'callbackUri',
      /user name or password/,
    ],
    [
      'a callback of another scheme',
      { targets, callbackUri: 'ftp://app.example/' },
      'callbackUri',
      /absolute https URL/,
    ],
    [
      'targets that are no list',
      { targets: {}, callbackUri },
      'targets',
      /must be an array and is an object/,
    ],
    [
      'too many targets',
      { targets: Array(101).fill(targets[0]), callbackUri },
      'targets',
      /may have 100 elements and has 101/,
    ],
    [
      'a caller id that is no number',
      { targets, callbackUri, sourceCallerIdNumber: { value: 'me' } },
      'sourceCallerIdNumber',
      /"me" is not a phone number/,
    ],
    [
      'a display name of two lines',
      { targets, callbackUri, sourceDisplayName: 'a\r\nb' },
      'sourceDisplayName',
      /line breaks/,
    ],
    [
      'a source that is no user',
      { targets, callbackUri, source: { id: '4:+15005552001' } },
      'source.communicationUser',
      /is not the raw id of a communicationUser/,
    ],
  ];
  for (const [what, body, field, message] of faults) {
    test(`is refused for ${what}`, () => {
      const read = decodeCreateCall(body, policy);
      assert.ok('fault' in read);
      assert.equal(read.fault.field, field);
      assert.match(read.fault.message, message);
      assert.equal(read.fault.kind, 'invalid');
    });
  }
});

describe('a request to answer, reject or redirect', () => {
  test('is read', () => {
    const answer = decodeAnswerCall(
      { incomingCallContext: 'c', callbackUri, answeredBy: { id: '8:acs:r_u' } },
      policy,
    );
    assert.deepEqual(answer, {
      ok: {
        incomingCallContext: 'c',
        callbackUri,
        answeredBy: { kind: 'communicationUser', rawId: '8:acs:r_u' },
      },
      ignored: [],
    });
    assert.deepEqual(decodeRejectCall({ incomingCallContext: 'c' }), {
      ok: { incomingCallContext: 'c', reason: 'none' },
      ignored: [],
    });
    const target = { communicationUser: { id: '8:acs:r_u' } };
    assert.deepEqual(decodeRedirectCall({ incomingCallContext: 'c', target }), {
      ok: { incomingCallContext: 'c', target: { kind: 'communicationUser', rawId: '8:acs:r_u' } },
      ignored: [],
    });
  });

  test('is refused by the name of its field', () => {
    const fieldOf = (read: { fault: { field: string } } | object): string =>
      'fault' in read ? read.fault.field : 'none';
    assert.equal(
      fieldOf(decodeAnswerCall({ incomingCallContext: ' ', callbackUri }, policy)),
      'incomingCallContext',
    );
    assert.equal(fieldOf(decodeAnswerCall({ incomingCallContext: 'c' }, policy)), 'callbackUri');
    assert.equal(
      fieldOf(decodeRejectCall({ incomingCallContext: 'c', callRejectReason: 'tired' })),
      'callRejectReason',
    );
    assert.equal(fieldOf(decodeRedirectCall({ incomingCallContext: 'c' })), 'target');
  });
});
