import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RowId } from '../../src/codes/catalogue.ts';
import { assertRefused, Besieged, createPath, phone } from '../peers/besieged.ts';

type Operation = 'create' | 'answer' | 'reject' | 'redirect';
type Changes = Readonly<Record<string, unknown>>;
/** What is sent, how it is told from a good body, and what the message says. */
type BadField = readonly [input: string, on: Operation, changes: Changes, says: string];
type BadText = readonly [input: string, body: string | Uint8Array, says: string | RegExp];

const invalid: RowId = 'automation/400/8523';
const unsupported: RowId = 'automation/405/8520';
const rowOf: Readonly<Record<string, RowId>> = { contradictions: 'automation/400/8606' };
const nested = (open: string, close: string, levels = 10_000): string =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;
/** Of besieged servers. */
const ownResource = '11111111-2222-4333-8444-555566667777';
const user = { communicationUser: { id: `8:acs:${ownResource}_u` } };
const onNumber = (value: unknown): Changes => ({ targets: [{ phoneNumber: { value } }] });
const target = (identifier: unknown): Changes => ({ targets: [identifier] });

let besieged: Besieged;
before(async () => {
  besieged = await Besieged.start();
});
after(() => besieged.stop());

const pathOf = (on: Operation): string => (on === 'create' ? createPath : `${createPath}:${on}`);
const goodBody = (on: Operation): Changes => {
  if (on === 'create') return besieged.createBody();
  const incomingCallContext = 'a-context';
  if (on === 'answer') return { incomingCallContext, callbackUri: besieged.inbox.url('/app/callbacks') };
  return on === 'reject' ? { incomingCallContext } : { incomingCallContext, target: user };
};

describe('a body that is no JSON object', () => {
  const texts: readonly BadText[] = [
    ['nothing', '', 'The request body is invalid. It must be a JSON object and is missing.'],
    ['an array', '[]', 'It must be a JSON object and is an array.'],
    ['a string', '"create"', 'It must be a JSON object and is a string.'],
    ['null', 'null', 'It must be a JSON object and is null.'],
    ['a number', '7', 'It must be a JSON object and is a number.'],
    ['a cut-off object', '{"targets":', 'the text ends at position 11 (line 1, column 12)'],
    ['a comma too many', '{"targets":[1,]}', '"]" stands at position 14 (line 1, column 15)'],
    ['single quotes', "{'targets':[]}", `"'" stands at position 1 (line 1, column 2)`],
    ['a fault on the third line', '{\n"a": 1,\n"b": tru }', '(line 3, column 6)'],
    ['two documents', '{}{}', '"{" stands at position 2'],
    ['a comment', '{} // create', '"/" stands at position 3'],
    ['NaN', '{"a":NaN}', '"N" stands at position 5'],
    ['a raw line break in a string', '{"a":"b\nc"}', 'stands at position 7'],
    ['a NUL byte in a string', '{"a":"b\u0000c"}', 'stands at position 7'],
    ['NUL bytes alone', '\u0000\u0000\u0000', 'stands at position 0'],
    ['invalid UTF-8', Buffer.from('7b2261223a22ff227d', 'hex'), 'The request body is not UTF-8 text.'],
    ['UTF-8 of a surrogate', Buffer.from('7b2261223a22eda080227d', 'hex'), 'is not UTF-8 text.'],
    ['UTF-16', Buffer.from('{"targets":[]}', 'utf16le'), 'stands at position 1 '],
    ['a form', 'targets=%2B15005554860', '"t" stands at position 0 '],
    ['XML', '<targets/>', '"<" stands at position 0 '],
    ['10,000 arrays that are not closed', '['.repeat(10_000), 'the text ends at position 10000 '],
    ['10,000 objects that are not closed', '{"a":'.repeat(10_000), 'the text ends at position 50000 '],
    ['a string of a megabyte that is not closed', `{"a":"${'x'.repeat(1_000_000)}`, 'position 1000006 '],
    ['a number of a megabyte that goes wrong', `{"a":${'1'.repeat(1_000_000)}x}`, 'position 1000005 '],
  ];
  for (const [input, body, says] of texts) {
    test(`${input} is refused, and the message says where`, async () => {
      assertRefused(await besieged.post(createPath, body), invalid, says);
      await besieged.holds();
    });
  }

  for (const on of ['answer', 'reject', 'redirect'] as const) {
    test(`no body, an array and bad JSON are refused by ${on}`, async () => {
      assertRefused(await besieged.post(pathOf(on), ''), invalid, 'is missing.');
      assertRefused(await besieged.post(pathOf(on), '[]'), invalid, 'is an array.');
      assertRefused(await besieged.post(pathOf(on), '{"incomingCallContext"}'), invalid, 'position 22 ');
      await besieged.holds();
    });
  }
});

const wrongTypes: readonly BadField[] = [
  ['no callbackUri', 'create', { callbackUri: undefined }, 'CallbackUri is invalid. It is required.'],
  ['callbackUri null', 'create', { callbackUri: null }, 'CallbackUri is invalid. It is required.'],
  ['callbackUri number', 'create', { callbackUri: 5 }, 'CallbackUri is invalid. It must be a string'],
  ['callbackUri object', 'create', { callbackUri: {} }, 'CallbackUri is invalid. It must be a string'],
  ['callbackUri list', 'create', { callbackUri: ['https://a.example'] }, 'and is an array.'],
  ['no targets', 'create', { targets: undefined }, 'The field Targets is invalid. It is required.'],
  ['targets object', 'create', { targets: phone('+15005554860') }, 'Targets is invalid. It must be an array'],
  ['targets string', 'create', { targets: '+15005554860' }, 'Targets is invalid. It must be an array'],
  ['targets empty', 'create', { targets: [] }, 'Targets is invalid. It must have at least one element.'],
  ['101 targets', 'create', { targets: Array(101).fill(user) }, 'It may have 100 elements and has 101.'],
  [
    'a target that is null',
    'create',
    target(null),
    'Targets[0] is invalid. It must be an object and is null',
  ],
  ['a target that is a string', 'create', target('+15005554860'), 'Targets[0] is invalid.'],
  ['the second target bad', 'create', { targets: [user, 7] }, 'Targets[1] is invalid.'],
  ['sourceCallerIdNumber string', 'create', { sourceCallerIdNumber: '+18005550100' }, 'SourceCallerIdNumber'],
  ['sourceCallerIdNumber empty', 'create', { sourceCallerIdNumber: {} }, 'SourceCallerIdNumber.Value'],
  ['sourceCallerIdNumber list', 'create', { sourceCallerIdNumber: [] }, 'SourceCallerIdNumber is invalid.'],
  ['its value a number', 'create', { sourceCallerIdNumber: { value: 1 } }, 'SourceCallerIdNumber.Value'],
  ['sourceDisplayName number', 'create', { sourceDisplayName: 1 }, 'SourceDisplayName is invalid.'],
  [
    'sourceDisplayName of 257',
    'create',
    { sourceDisplayName: 'x'.repeat(257) },
    '256 characters and has 257.',
  ],
  ['a line break in it', 'create', { sourceDisplayName: 'a\r\nVia: x' }, 'SourceDisplayName is invalid.'],
  [
    'a NUL in it',
    'create',
    { sourceDisplayName: 'a\u0000b' },
    'must not contain line breaks or other control',
  ],
  ['source string', 'create', { source: '8:acs:r_u' }, 'Source is invalid. It must be an object'],
  ['source without id', 'create', { source: {} }, 'Source.CommunicationUser.Id is invalid. It is required.'],
  ['source with a bad id', 'create', { source: { id: '8:acs:x' } }, 'Source.CommunicationUser is invalid.'],
  ['source that is a phone', 'create', { source: { id: '4:+15005554860' } }, 'is not the raw id of a commun'],
  [
    'operationContext object',
    'create',
    { operationContext: {} },
    'OperationContext is invalid. It must be a s',
  ],
  [
    'operationContext of 5001',
    'create',
    { operationContext: 'x'.repeat(5001) },
    '5000 characters and has 5001.',
  ],
  [
    'no context',
    'answer',
    { incomingCallContext: undefined },
    'IncomingCallContext is invalid. It is required',
  ],
  [
    'context number',
    'answer',
    { incomingCallContext: 5 },
    'IncomingCallContext is invalid. It must be a string',
  ],
  ['context empty', 'answer', { incomingCallContext: '' }, 'IncomingCallContext is invalid.'],
  ['context of 8193', 'answer', { incomingCallContext: 'x'.repeat(8193) }, '8192 characters and has 8193.'],
  ['no callbackUri', 'answer', { callbackUri: undefined }, 'CallbackUri is invalid. It is required.'],
  ['callbackUri boolean', 'answer', { callbackUri: true }, 'CallbackUri is invalid. It must be a string'],
  ['answeredBy string', 'answer', { answeredBy: '8:acs:r_u' }, 'AnsweredBy is invalid. It must be an object'],
  ['answeredBy without id', 'answer', { answeredBy: {} }, 'AnsweredBy.CommunicationUser.Id is invalid.'],
  ['operationContext list', 'answer', { operationContext: [] }, 'OperationContext is invalid.'],
  [
    'context list',
    'reject',
    { incomingCallContext: [] },
    'IncomingCallContext is invalid. It must be a string',
  ],
  ['an unknown reason', 'reject', { callRejectReason: 'rude' }, 'It must be one of none, busy, forbidden.'],
  ['a reason in capitals', 'reject', { callRejectReason: 'Busy' }, 'CallRejectReason is invalid.'],
  ['a reason that is a number', 'reject', { callRejectReason: 1 }, 'CallRejectReason is invalid.'],
  ['context object', 'redirect', { incomingCallContext: {} }, 'IncomingCallContext is invalid.'],
  ['no target', 'redirect', { target: undefined }, 'The field Target is invalid. It is required.'],
  ['target list', 'redirect', { target: [user] }, 'Target is invalid. It must be an object and is an array.'],
  ['target empty', 'redirect', { target: {} }, 'It has neither a rawId nor an object of its kind.'],
];

const identifiers: readonly BadField[] = [
  ['+12', 'create', onNumber('+12'), '"+12" is not a phone number in E.164 form: + and 8 to 15 digits.'],
  ['abc', 'create', onNumber('abc'), '"abc" is not a phone number'],
  ['20 digits', 'create', onNumber('+12345678901234567890'), 'Targets[0].PhoneNumber.Value is invalid.'],
  ['a number without +', 'create', onNumber('15005554860'), 'is not a phone number in E.164 form'],
  ['a number with spaces', 'create', onNumber('+1 500 555 4860'), 'is not a phone number in E.164 form'],
  ['a SIP injection', 'create', onNumber('+15005554860@evil.example;x='), 'Targets[0].PhoneNumber.Value'],
  ['a line break in a number', 'create', onNumber('+15005554860\r\nX: y'), 'must not contain line breaks'],
  ['Arabic digits', 'create', onNumber('+١٥٠٠٥٥٥٤٨٦٠'), 'is not a phone number in E.164 form'],
  ['an empty number', 'create', onNumber(''), 'PhoneNumber.Value is invalid. It is required.'],
  ['a number as a number', 'create', onNumber(15005554860), 'Value is invalid. It must be a string'],
  [
    'a bad caller id',
    'create',
    { sourceCallerIdNumber: { value: '+12' } },
    'SourceCallerIdNumber is invalid.',
  ],
  ['a caller id of 20 digits', 'create', { sourceCallerIdNumber: { value: `+${'1'.repeat(20)}` } }, 'E.164'],
  [
    'raw id 4:+12',
    'create',
    target({ rawId: '4:+12' }),
    'Targets[0].RawId is invalid. "4:+12" is not a raw id.',
  ],
  ['raw id 8:acs:x', 'create', target({ rawId: '8:acs:x' }), '"8:acs:x" is not a raw id.'],
  ['raw id 8:acs:', 'create', target({ rawId: '8:acs:' }), 'is not a raw id.'],
  ['raw id 8:orgid:', 'create', target({ rawId: '8:orgid:' }), '"8:orgid:" is not a raw id.'],
  ['raw id 28:orgid:', 'create', target({ rawId: '28:orgid:' }), '"28:orgid:" is not a raw id.'],
  ['an empty raw id', 'create', target({ rawId: '' }), '"" is not a raw id.'],
  ['a raw id of spaces', 'create', target({ rawId: '   ' }), 'is not a raw id.'],
  ['a raw id with NUL', 'create', target({ rawId: '8:acs:r_\u0000' }), 'Targets[0].RawId is invalid.'],
  ['a raw id of 100,000', 'create', target({ rawId: `8:acs:r_${'x'.repeat(100_000)}` }), 'and has 100008.'],
  ['a raw id that is a list', 'create', target({ rawId: [] }), 'RawId is invalid. It must be a string'],
  ['a user id of 513', 'create', target({ communicationUser: { id: 'x'.repeat(513) } }), '512 characters'],
  [
    'an unknown kind',
    'create',
    target({ ...user, kind: 'robot' }),
    'Targets[0].Kind is invalid. It must be one',
  ],
  ['a kind that is an object', 'create', target({ ...user, kind: {} }), 'Targets[0].Kind is invalid.'],
  ['a user that is a string', 'redirect', { target: { communicationUser: 'x' } }, 'Target.CommunicationUser'],
  ['a kind alone', 'redirect', { target: { kind: 'phoneNumber' } }, 'has neither a rawId nor an object'],
];

/** Parts that are fine by themselves and cannot be one identifier. */
const contradictions: readonly BadField[] = [
  [
    'a raw id that contradicts its object',
    'create',
    target({ rawId: '4:+15005554861', phoneNumber: { value: '+15005554860' } }),
    'RawId is invalid. It is 4:+15005554861, and phoneNumber stands for 4:+15005554860.',
  ],
  [
    'a kind that contradicts its object',
    'create',
    target({ ...user, kind: 'phoneNumber' }),
    'It says phoneNumber and the object beside it is communicationUser.',
  ],
  [
    'a kind that contradicts its raw id',
    'create',
    target({ kind: 'phoneNumber', rawId: '8:acs:r_u' }),
    'It says phoneNumber and the rawId is of kind communicationUser.',
  ],
  [
    'two objects in one',
    'redirect',
    { target: { ...user, phoneNumber: { value: '+15005554860' } } },
    'It has communicationUser and phoneNumber; one of them is allowed.',
  ],
];

const callbacks: readonly BadField[] = [
  [
    'a relative callback',
    'create',
    { callbackUri: '/events' },
    'CallbackUri is invalid. It must be an absolute',
  ],
  ['an ftp callback', 'create', { callbackUri: 'ftp://a.example/' }, 'must be an absolute https URL.'],
  [
    'a javascript callback',
    'create',
    { callbackUri: 'javascript:alert(1)' },
    'must be an absolute https URL.',
  ],
  ['a file callback', 'create', { callbackUri: 'file:///etc/hosts' }, 'must be an absolute https URL.'],
  ['an empty callback', 'create', { callbackUri: '' }, 'CallbackUri is invalid.'],
  ['garbage as callback', 'create', { callbackUri: 'https://[::' }, 'must be an absolute https URL.'],
  ['a callback without host', 'create', { callbackUri: 'https://' }, 'must be an absolute https URL.'],
  [
    'a port that is none',
    'create',
    { callbackUri: 'https://a.example:99999/' },
    'must be an absolute https URL.',
  ],
  [
    'http elsewhere',
    'create',
    { callbackUri: 'http://a.example/' },
    'http is allowed on loopback only, and a.ex',
  ],
  [
    'http to a loopback look-alike',
    'create',
    { callbackUri: 'http://127.0.0.1.a.example/' },
    'loopback only',
  ],
  [
    'http to 0.0.0.0',
    'create',
    { callbackUri: 'http://0.0.0.0/' },
    'loopback only, and 0.0.0.0 is elsewhere.',
  ],
  [
    'http to metadata',
    'answer',
    { callbackUri: 'http://169.254.169.254/' },
    'http is allowed on loopback only',
  ],
  [
    'a callback with a password',
    'answer',
    { callbackUri: 'https://a:b@a.example/' },
    'user name or password.',
  ],
  ['a callback of 4097', 'answer', { callbackUri: `https://a.example/${'x'.repeat(4079)}` }, 'has 4097.'],
];

for (const [title, table] of Object.entries({ wrongTypes, identifiers, contradictions, callbacks })) {
  describe(`a bad field (${title})`, () => {
    for (const [input, on, changes, says] of table) {
      test(`${on}: ${input} is refused by the name of the field`, async () => {
        const body = JSON.stringify({ ...goodBody(on), ...changes });
        assertRefused(await besieged.post(pathOf(on), body), rowOf[title] ?? invalid, says);
        await besieged.holds();
      });
    }
  });
}

describe('options that the official models have and this server does not serve', () => {
  test('teamsAppSource is refused by name', async () => {
    const body = JSON.stringify({ ...goodBody('create'), teamsAppSource: { appId: 'a', cloud: 'public' } });
    assertRefused(await besieged.post(createPath, body), unsupported, 'teamsAppSource');
    await besieged.holds();
  });
  for (const [shape, value] of Object.entries({ objects: nested('{"a":', '}'), arrays: nested('[', ']') })) {
    test(`10,000 levels of ${shape} in one of them are refused like any value`, async () => {
      const body = JSON.stringify(goodBody('create')).replace('{', `{"teamsAppSource":${value},`);
      assertRefused(await besieged.post(createPath, body), unsupported, 'teamsAppSource');
      await besieged.holds();
    });
  }
});

describe('a body that is odd and well', () => {
  const good = (extra: string): string => JSON.stringify(besieged.createBody()).replace('{', `{${extra},`);
  const odd: Readonly<Record<string, () => string>> = {
    'unknown fields': () => good('"colour":"red","x":{"y":[1,2]}'),
    'an unserved option without a value': () => good('"teamsAppSource":{"appId":null}'),
    '10,000 levels in an unknown field': () => good(`"deep":${nested('{"a":', '}')}`),
    'prototype keys': () => good('"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'),
    'the same key twice, the last one good': () => good('"callbackUri":7,"targets":7'),
    'a lone surrogate in the operation context': () => good('"operationContext":"a\\ud800b"'),
    'a NUL in the operation context': () => good('"operationContext":"a\\u0000b"'),
    'a lone surrogate in the display name': () => good('"sourceDisplayName":"\\udfff"'),
    'quotes and emoji in the display name': () => good('"sourceDisplayName":"\\"><sip:x>;é🎉"'),
    'a byte order mark': () => `\ufeff${good('"x":1')}`,
    'sixty thousand unknown fields': () =>
      good(Array.from({ length: 60_000 }, (_, i) => `"f${i}":0`).join(',')),
  };
  for (const [input, body] of Object.entries(odd)) {
    test(`${input}: the call is made`, async () => {
      const reply = await besieged.post(createPath, body());
      assert.equal(reply.status, 201, reply.text.slice(-500));
      const { callConnectionId } = reply.body as { callConnectionId: string };
      await besieged.inbox.next('CreateCallFailed', ({ data }) => data.callConnectionId === callConnectionId);
      await besieged.holds();
    });
  }

  test('nothing of it reached the prototype of objects', () => {
    assert.equal('polluted' in {}, false);
  });

  test('one target and a hundred are both taken', async () => {
    const users = Array.from({ length: 100 }, (_, i) => ({
      communicationUser: { id: `8:acs:${ownResource}_${i}` },
    }));
    for (const targets of [[user], users]) {
      const reply = await besieged.post(createPath, JSON.stringify(besieged.createBody({ targets })));
      assert.equal(reply.status, 201, reply.text.slice(-500));
    }
    await besieged.placesCalls();
  });
});
