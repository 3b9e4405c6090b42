import {
  type Decoded,
  type Fault,
  invalid,
  isEmpty,
  isObject,
  jsonKind,
  type Take,
  type Taken,
  unsupported,
} from './decoded.ts';

/** Every field of one official model: `served`, or refused by name when it has a non-empty value. */
export type Model = Readonly<Record<string, 'served' | 'refused'>>;

/** Reads the fields of one object. The first fault stays; what is read after it does not matter. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #prefix: string;
  readonly #ignored: readonly string[];
  #fault: Fault | undefined;

  constructor(body: unknown, model: Model, prefix = '') {
    this.#prefix = prefix;
    this.#object = isObject(body) ? body : {};
    if (!isObject(body)) {
      const what = `It must be a JSON object and is ${body === undefined ? 'missing' : jsonKind(body)}.`;
      this.#fault = (
        prefix === ''
          ? invalid('', `The request body is invalid. ${what}`)
          : invalid(prefix.slice(0, -1), what)
      ).fault;
    }
    const ignored: string[] = [];
    for (const [name, value] of Object.entries(this.#object)) {
      const standing = Object.hasOwn(model, name) ? model[name] : undefined;
      if (standing === undefined) ignored.push(prefix + name);
      else if (standing === 'refused' && !isEmpty(value)) this.#fault ??= unsupported(prefix + name).fault;
    }
    this.#ignored = ignored;
  }

  required<T>(name: string, take: Take<T>): T | undefined {
    const value = this.#get(name);
    if (value === undefined) {
      this.#fault ??= invalid(this.#prefix + name, 'It is required.').fault;
      return undefined;
    }
    return this.#keep(take(value, this.#prefix + name));
  }

  optional<T>(name: string, take: Take<T>): T | undefined {
    const value = this.#get(name);
    return value === undefined ? undefined : this.#keep(take(value, this.#prefix + name));
  }

  /** `build` runs only when nothing was wrong, so that required fields are there. */
  result<T>(build: () => T): Decoded<T> {
    return this.#fault ? { fault: this.#fault } : { ok: build(), ignored: this.#ignored };
  }

  #get(name: string): unknown {
    const value = Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
    return value === null ? undefined : value;
  }

  #keep<T>(taken: Taken<T>): T | undefined {
    if ('ok' in taken) return taken.ok;
    this.#fault ??= taken.fault;
    return undefined;
  }
}

export interface TextRules {
  readonly max?: number;
  /** What it must look like, in words, for the message. */
  readonly like?: readonly [RegExp, string];
}

const control = /[^\t -~\u0080-\uffff]/;

/** One line of text. */
export function text({ max = 1024, like }: TextRules = {}): Take<string> {
  return (value, field) => {
    if (typeof value !== 'string') return invalid(field, `It must be a string and is ${jsonKind(value)}.`);
    if (value.length > max) return invalid(field, `It may have ${max} characters and has ${value.length}.`);
    if (control.test(value))
      return invalid(field, 'It must not contain line breaks or other control characters.');
    if (like && !like[0].test(value)) return invalid(field, `It must be ${like[1]}.`);
    return { ok: value };
  };
}

/** Any text, echoed and never interpreted. */
export function opaque(max: number): Take<string> {
  return (value, field) => {
    if (typeof value !== 'string') return invalid(field, `It must be a string and is ${jsonKind(value)}.`);
    if (value.length > max) return invalid(field, `It may have ${max} characters and has ${value.length}.`);
    return { ok: value };
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Take<T> {
  return (value, field) => {
    const found = choices.find((choice) => choice === value);
    return found === undefined ? invalid(field, `It must be one of ${choices.join(', ')}.`) : { ok: found };
  };
}

export function listOf<T>(
  take: Take<T>,
  { min = 0, max }: { readonly min?: number; readonly max: number },
): Take<readonly T[]> {
  return (value, field) => {
    if (!Array.isArray(value)) return invalid(field, `It must be an array and is ${jsonKind(value)}.`);
    if (value.length < min)
      return invalid(field, `It must have at least ${min === 1 ? 'one element' : `${min} elements`}.`);
    if (value.length > max) return invalid(field, `It may have ${max} elements and has ${value.length}.`);
    const list: T[] = [];
    for (const [i, element] of value.entries()) {
      const taken = take(element, `${field}[${i}]`);
      if ('fault' in taken) return taken;
      list.push(taken.ok);
    }
    return { ok: list };
  };
}

export function wholeNumber(min: number, max: number): Take<number> {
  return (value, field) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? { ok: value }
      : invalid(field, `It must be a whole number from ${min} to ${max}.`);
}

export const flag: Take<boolean> = (value, field) =>
  typeof value === 'boolean'
    ? { ok: value }
    : invalid(field, `It must be true or false and is ${jsonKind(value)}.`);
