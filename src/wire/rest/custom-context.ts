/** `customCallingContext`: what an application passes on to the one who is called (reference: call-automation, request models). */
import { type Decoded, invalid, isObject, jsonKind, type Take, type Taken } from './decoded.ts';
import { Fields, type Model, text } from './fields.ts';

export interface PassedOn {
  readonly name: string;
  readonly value: string;
}

export interface CustomContext {
  /** `User-To-User`, `X-…`, `X-MS-Custom-…`. */
  readonly sipHeaders: readonly PassedOn[];
  readonly voipHeaders: readonly PassedOn[];
}

interface HeaderRules {
  /** How many, User-To-User apart. */
  readonly most: number;
  readonly longest: number;
  readonly name: (name: string) => string | undefined;
}

const MAX_NAME = 64;
// Public page "Pass contextual data between calls" and the direct routing SIP specification.
const sipRules: HeaderRules = {
  most: 5,
  longest: 256,
  name: (name) =>
    /^(?:User-To-User|X-[!%'*+.^_`|~0-9A-Za-z-]+)$/i.test(name)
      ? undefined
      : 'It must be named User-To-User, X-… or X-MS-Custom-…, in the characters of a SIP header name.',
};
const voipRules: HeaderRules = {
  most: 1000,
  longest: 1024,
  name: (name) => (/^\S+$/.test(name) ? undefined : 'Its name must not be empty or have spaces.'),
};

const isUui = (name: string): boolean => name.toLowerCase() === 'user-to-user';

function takeHeaders({ most, longest, name: fault }: HeaderRules): Take<readonly PassedOn[]> {
  const take = text({ max: longest });
  return (value, field): Taken<readonly PassedOn[]> => {
    if (!isObject(value)) return invalid(field, `It must be an object and is ${jsonKind(value)}.`);
    const headers: PassedOn[] = [];
    const seen = new Set<string>();
    for (const [name, given] of Object.entries(value)) {
      const at = `${field}.${name}`;
      if (name.length > MAX_NAME) {
        return invalid(
          field,
          `The name of a header may have ${MAX_NAME} characters; one has ${name.length}.`,
        );
      }
      const wrong = fault(name);
      if (wrong !== undefined) return invalid(field, `${JSON.stringify(name)}: ${wrong}`);
      if (seen.has(name.toLowerCase())) return invalid(field, `${JSON.stringify(name)} is there twice.`);
      seen.add(name.toLowerCase());
      const taken = take(given, at);
      if ('fault' in taken) return taken;
      headers.push({ name, value: taken.ok });
    }
    const counted = headers.filter(({ name }) => !isUui(name)).length;
    return counted > most
      ? invalid(field, `It may have ${most} headers beside User-To-User and has ${counted}.`)
      : { ok: headers };
  };
}

export const customContextModel = {
  sipHeaders: 'served',
  voipHeaders: 'served',
  teamsPhoneCallDetails: 'refused',
} as const satisfies Model;

export const takeCustomContext: Take<CustomContext> = (value, field) => {
  const fields = new Fields(value, customContextModel, `${field}.`);
  const sipHeaders = fields.optional('sipHeaders', takeHeaders(sipRules)) ?? [];
  const voipHeaders = fields.optional('voipHeaders', takeHeaders(voipRules)) ?? [];
  const read: Decoded<CustomContext> = fields.result(() => ({ sipHeaders, voipHeaders }));
  return 'fault' in read ? read : { ok: read.ok };
};
