import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { identifierModel, takeIdentifier } from './identifier.ts';

const read = (value: unknown) => takeIdentifier(value, 'target');
const rawIdOf = (value: unknown): string => {
  const taken = read(value);
  return 'ok' in taken ? taken.ok.rawId : taken.fault.message;
};

describe('an identifier', () => {
  for (const [what, value, rawId] of [
    ['a phone number', { kind: 'phoneNumber', phoneNumber: { value: '+15005552001' } }, '4:+15005552001'],
    ['an anonymous phone', { phoneNumber: { value: 'anonymous', isAnonymous: true } }, '4:anonymous'],
    [
      'a phone that joined twice',
      { rawId: '4:+15005552001_7', phoneNumber: { value: '+15005552001', assertedId: '7' } },
      '4:+15005552001',
    ],
    ['a user', { communicationUser: { id: '8:acs:r_u' } }, '8:acs:r_u'],
    ['a Teams user', { microsoftTeamsUser: { userId: 'g', cloud: 'public' } }, '8:orgid:g'],
    [
      'an anonymous Teams user',
      { microsoftTeamsUser: { userId: 'v', isAnonymous: true } },
      '8:teamsvisitor:v',
    ],
    ['a Teams app of another cloud', { microsoftTeamsApp: { appId: 'a', cloud: 'gcch' } }, '28:gcch:a'],
    ['a raw id alone', { rawId: '8:acs:r_u' }, '8:acs:r_u'],
    ['a bot', { kind: 'unknown', rawId: '28:g' }, '28:g'],
  ] as const) {
    test(`of ${what} is read, and written as it was meant`, () => {
      const taken = read(value);
      assert.ok('ok' in taken, JSON.stringify(taken));
      assert.equal(taken.ok.rawId, rawId);
      const again = read(identifierModel(taken.ok));
      assert.deepEqual(again, taken);
    });
  }

  for (const [what, value, message] of [
    ['nothing', {}, /neither a rawId nor an object/],
    [
      'two objects',
      { communicationUser: { id: 'x' }, phoneNumber: { value: '+15005552001' } },
      /communicationUser and phoneNumber; one of them/,
    ],
    [
      'a kind that contradicts its object',
      { kind: 'phoneNumber', communicationUser: { id: '8:acs:r_u' } },
      /The field Target\.Kind is invalid\. It says phoneNumber/,
    ],
    [
      'a raw id that contradicts its object',
      { rawId: '4:+15005552009', phoneNumber: { value: '+15005552001' } },
      /The field Target\.RawId is invalid\. It is 4:\+15005552009, and phoneNumber stands for 4:\+15005552001/,
    ],
    [
      'a raw id that contradicts its kind',
      { kind: 'phoneNumber', rawId: '8:acs:r_u' },
      /It says phoneNumber and the rawId is of kind communicationUser/,
    ],
    ['an unknown kind', { kind: 'fax', rawId: '8:acs:r_u' }, /It must be one of/],
    [
      'a short number',
      { phoneNumber: { value: '+1500' } },
      /Target\.PhoneNumber\.Value is invalid\. "\+1500" is not a phone number in E\.164/,
    ],
    ['a broken user id', { rawId: '8:acs:nobody' }, /"8:acs:nobody" is not a raw id/],
    ['a text', '8:acs:r_u', /must be an object and is a string/],
  ] as const) {
    test(`of ${what} is refused`, () => assert.match(rawIdOf(value), message));
  }

  test('of a Teams extension user is refused by name', () => {
    const taken = read({ teamsExtensionUser: { userId: 'u', tenantId: 't', resourceId: 'r' } });
    assert.ok('fault' in taken && taken.fault.kind === 'unsupported');
  });
});
