/** What reading a request body comes to: a value, or the one field that is wrong. Never a throw. */

/**
 * `unsupported`: the official model has the field, this version does not serve it. `stream-address`: no websocket URL.
 * `recording-format`: no file can be made like this. `identifier-contradicts-itself`: its parts stand for different ones.
 */
export interface Fault {
  readonly kind:
    | 'invalid'
    | 'unsupported'
    | 'stream-address'
    | 'recording-format'
    | 'identifier-contradicts-itself';
  /** As on the wire: `targets[0].phoneNumber.value`; empty for the body as a whole. */
  readonly field: string;
  readonly message: string;
}

export type Taken<T> = { readonly ok: T } | { readonly fault: Fault };
/** `ignored`: fields that no official model has. */
export type Decoded<T> = { readonly ok: T; readonly ignored: readonly string[] } | { readonly fault: Fault };
export type Take<T> = (value: unknown, field: string) => Taken<T>;

type Present<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** Without the properties that are undefined. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Present<T>;
}

/** `targets[0].phoneNumber` as Azure's model validation prints it: `Targets[0].PhoneNumber`. */
const pascal = (field: string): string =>
  field
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('.');

export function invalid(field: string, why: string): { readonly fault: Fault } {
  const message = field === '' ? why : `The field ${pascal(field)} is invalid. ${why}`;
  return { fault: { kind: 'invalid', field, message } };
}

/** Like `invalid`, with a kind of its own. */
export function invalidAs(kind: Fault['kind'], field: string, why: string): { readonly fault: Fault } {
  return { fault: { ...invalid(field, why).fault, kind } };
}

export function unsupported(
  field: string,
  what = 'is part of the API, but this version of Ringback does not serve it',
): {
  readonly fault: Fault;
} {
  return { fault: { kind: 'unsupported', field, message: `${field} ${what}` } };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value is, in the words of JSON. */
export function jsonKind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** Null, empty text, an empty list, or an object of nothing but such values: as good as absent. */
export function isEmpty(value: unknown): boolean {
  // Iterative: how deep a body is, is the client's choice.
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (isObject(next)) for (const inner of Object.values(next)) left.push(inner);
    else if (Array.isArray(next) ? next.length > 0 : next !== undefined && next !== null && next !== '')
      return false;
  }
  return true;
}
