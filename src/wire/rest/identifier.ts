/** `CommunicationIdentifierModel` in requests: to the domain's `Identifier` (reference: auth, raw ids and identifiers on the wire). */
import { type Identifier, isE164, parseRawId } from '../../domain/ids/identifier.ts';
import { invalid, invalidAs, isObject, jsonKind, type Taken, unsupported } from './decoded.ts';
import { Fields, text } from './fields.ts';

export type { Identifier } from '../../domain/ids/identifier.ts';

export { type IdentifierModel, identifierModel } from '../events/identifier.ts';

const kinds = [
  'communicationUser',
  'phoneNumber',
  'microsoftTeamsUser',
  'microsoftTeamsApp',
  'teamsExtensionUser',
] as const;
type Nested = (typeof kinds)[number];

/** Longer than any that is made from a nested object, asserted id included. */
const takeRawId = text({ max: 1024 });
const cloudPart = (cloud: unknown): string => (cloud === 'gcch' || cloud === 'dod' ? cloud : 'orgid');
const textIn = (object: Readonly<Record<string, unknown>>, name: string, field: string): Taken<string> => {
  const value = object[name];
  if (value === undefined || value === null || value === '')
    return invalid(`${field}.${name}`, 'It is required.');
  return text({ max: 512 })(value, `${field}.${name}`);
};

/** The raw id that the nested object stands for. */
function derive(nested: Nested, value: unknown, field: string): Taken<string> {
  if (!isObject(value)) return invalid(field, `It must be an object and is ${jsonKind(value)}.`);
  switch (nested) {
    case 'communicationUser':
      return textIn(value, 'id', field);
    case 'phoneNumber': {
      const number = textIn(value, 'value', field);
      if ('fault' in number) return number;
      if (number.ok !== 'anonymous' && !isE164(number.ok)) {
        return invalid(
          `${field}.value`,
          `${JSON.stringify(number.ok)} is not a phone number in E.164 form: + and 8 to 15 digits.`,
        );
      }
      return { ok: `4:${number.ok}` };
    }
    case 'microsoftTeamsUser': {
      const user = textIn(value, 'userId', field);
      if ('fault' in user) return user;
      return {
        ok: `8:${value.isAnonymous === true ? 'teamsvisitor' : cloudPart(value.cloud)}:${user.ok}`,
      };
    }
    case 'microsoftTeamsApp': {
      const app = textIn(value, 'appId', field);
      return 'fault' in app ? app : { ok: `28:${cloudPart(value.cloud)}:${app.ok}` };
    }
    case 'teamsExtensionUser':
      return unsupported(field);
  }
}

/** A phone that joined a call twice carries `_` and its asserted id after the number. */
const withoutAssertedId = (rawId: string): string =>
  rawId.startsWith('4:') ? (rawId.split('_')[0] ?? rawId) : rawId;

function parse(rawId: string, field: string): Taken<Identifier> {
  const identifier = parseRawId(withoutAssertedId(rawId));
  return identifier ? { ok: identifier } : invalid(field, `${JSON.stringify(rawId)} is not a raw id.`);
}

const contradicts = (field: string, why: string) => invalidAs('identifier-contradicts-itself', field, why);

/** Raw id, kind and nested object may each be absent in a request, and must agree where they are there. */
export function takeIdentifier(value: unknown, field: string): Taken<Identifier> {
  if (!isObject(value)) return invalid(field, `It must be an object and is ${jsonKind(value)}.`);
  const there = kinds.filter((kind) => value[kind] !== undefined && value[kind] !== null);
  if (there.length > 1) return contradicts(field, `It has ${there.join(' and ')}; one of them is allowed.`);
  const nested = there[0];
  const kind = value.kind ?? undefined;
  if (kind !== undefined && kind !== 'unknown' && !kinds.some((k) => k === kind)) {
    return invalid(`${field}.kind`, `It must be one of ${kinds.join(', ')}, unknown.`);
  }
  if (nested && kind !== undefined && kind !== nested) {
    return contradicts(`${field}.kind`, `It says ${String(kind)} and the object beside it is ${nested}.`);
  }
  const given = value.rawId ?? undefined;
  const taken = given === undefined ? undefined : takeRawId(given, `${field}.rawId`);
  if (taken && 'fault' in taken) return taken;
  const rawId = taken?.ok;
  if (!nested) {
    if (rawId === undefined) return invalid(field, 'It has neither a rawId nor an object of its kind.');
    const parsed = parse(rawId, `${field}.rawId`);
    if ('ok' in parsed && kind !== undefined && parsed.ok.kind !== kind) {
      return contradicts(
        `${field}.kind`,
        `It says ${String(kind)} and the rawId is of kind ${parsed.ok.kind}.`,
      );
    }
    return parsed;
  }
  const derived = derive(nested, value[nested], `${field}.${nested}`);
  if ('fault' in derived) return derived;
  if (rawId !== undefined && withoutAssertedId(rawId) !== derived.ok) {
    return contradicts(`${field}.rawId`, `It is ${rawId}, and ${nested} stands for ${derived.ok}.`);
  }
  const parsed = parse(derived.ok, `${field}.${nested}`);
  if ('ok' in parsed && parsed.ok.kind !== nested)
    return invalid(`${field}.${nested}`, `${derived.ok} is not the raw id of a ${nested}.`);
  return parsed;
}

/** `CommunicationUserIdentifierModel`: `{id}`. */
export function takeUser(value: unknown, field: string): Taken<Identifier> {
  if (!isObject(value)) return invalid(field, `It must be an object and is ${jsonKind(value)}.`);
  return takeIdentifier({ communicationUser: value }, field);
}

/** `PhoneNumberIdentifierModel`: `{value}`. */
export function takePhoneNumber(value: unknown, field: string): Taken<string> {
  const fields = new Fields(
    value,
    { value: 'served', isAnonymous: 'served', assertedId: 'served' },
    `${field}.`,
  );
  const number = fields.required('value', text({ max: 32 }));
  const read = fields.result(() => number!);
  if ('fault' in read) return read;
  return isE164(read.ok)
    ? { ok: read.ok }
    : invalid(field, `${JSON.stringify(read.ok)} is not a phone number in E.164 form: + and 8 to 15 digits.`);
}
