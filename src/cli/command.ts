/** What a command of `ringback` is, and how its arguments are read. */
import { parseArgs } from 'node:util';
import { nearest } from './nearest.ts';
import { wrap } from './wrap.ts';

/** The command line cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It was understood and could not be done: exit code 1, the message alone. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

export interface CommandOption {
  /** How the value is named in the help; absent: a switch without a value. */
  readonly value?: string;
  /** Shown without brackets; the command asks for it with `required`. */
  readonly required?: true;
  readonly says: string;
}

export interface Given {
  readonly operands: readonly string[];
  text(option: string): string | undefined;
  isSet(option: string): boolean;
}

/** Lines go to the standard output; notes, which a script does not want to read, to the standard error. */
export interface Out {
  line(text: string): void;
  note(text: string): void;
}

/** 0 done, 1 failed or unhealthy, 2 not understood. */
export type ExitCode = number;

export interface Command {
  readonly name: string;
  /** The operands as the help shows them. */
  readonly operands: string;
  readonly count: { readonly least: number; readonly most: number };
  readonly about: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  run(given: Given, out: Out): ExitCode | Promise<ExitCode>;
}

export const dataOption = {
  data: { value: 'DIR', says: 'data directory of the server (default .ringback)' },
} as const;

/** Where the server is; taken by every command that asks one. */
export const serverOptions: Readonly<Record<string, CommandOption>> = {
  ...dataOption,
  'connection-string': { value: 'TEXT', says: 'ask the server of this connection string instead' },
};

export const jsonOption: Readonly<Record<string, CommandOption>> = {
  json: { says: 'machine-readable output' },
};

const always = { help: { says: 'this help' } };

const spelt = (option: string, value: string | undefined): string =>
  `--${option}${value === undefined ? '' : ` ${value}`}`;

export function usageOf({ name, operands, options }: Command): string {
  const parts = Object.entries(options).map(([option, { value, required: must }]) =>
    must ? spelt(option, value) : `[${spelt(option, value)}]`,
  );
  return [
    `ringback ${name}`,
    ...parts.filter((part) => !part.startsWith('[')),
    ...(operands === '' ? [] : [operands]),
    ...parts.filter((part) => part.startsWith('[')),
  ].join(' ');
}

export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...always }).map(
    ([option, { value, says }]: [string, CommandOption]) => [spelt(option, value), says] as const,
  );
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    wrap(`Usage: ${usageOf(command)}`, { indent: '         ' }),
    '',
    ...command.about.split('\n').map((paragraph) => wrap(paragraph)),
    '',
    ...options.map(([left, says]) => `  ${left.padEnd(width)}  ${says}`),
  ].join('\n');
}

function optionFault(command: Command, token: { readonly rawName: string; readonly name: string }): string {
  const near = nearest(token.name, [...Object.keys(command.options), 'help']);
  const hint = near === undefined ? '' : ` Did you mean --${near}?`;
  return `"${token.rawName}" is not an option of "ringback ${command.name}".${hint}`;
}

/** Throws `UsageError`. Undefined: help is wanted. */
export function readArguments(command: Command, args: readonly string[]): Given | undefined {
  const known: Readonly<Record<string, CommandOption>> = { ...command.options, ...always };
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(
        Object.entries(known).map(([name, { value }]) => [
          name,
          { type: value === undefined ? 'boolean' : 'string' },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    // Its own messages name neither the command nor the nearest option.
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!option) throw new UsageError(optionFault(command, token));
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
      values.set(token.name, '');
    } else {
      const missing = token.value === undefined || (!token.inlineValue && token.value.startsWith('--'));
      if (missing) throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value}`);
      values.set(token.name, token.value ?? '');
    }
  }
  if (values.has('help')) return undefined;
  checkCount(command, operands);
  return {
    operands,
    text: (option) => values.get(option),
    isSet: (option) => values.has(option),
  };
}

function checkCount(command: Command, operands: readonly string[]): void {
  const { least, most } = command.count;
  const surplus = operands[most];
  if (surplus !== undefined) {
    throw new UsageError(
      `"${surplus}" is one too many for "ringback ${command.name}".\nUsage: ${usageOf(command)}`,
    );
  }
  if (operands.length < least) {
    throw new UsageError(`"ringback ${command.name}" needs ${command.operands}.\nUsage: ${usageOf(command)}`);
  }
}

/** A whole number in a range, as ports and limits are. */
export function wholeNumber(
  given: Given,
  option: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${option} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return number;
}

export function required(given: Given, option: string, command: Command): string {
  const text = given.text(option);
  if (text !== undefined && text !== '') return text;
  const { value = '' } = command.options[option] ?? {};
  throw new UsageError(`"ringback ${command.name}" needs --${option} ${value}.\nUsage: ${usageOf(command)}`);
}

/** What the environment says where the command line does not. */
export interface Defaults {
  readonly data: string | undefined;
  readonly connectionString: string | undefined;
}

/** A server named by flags wins over one named by the environment. */
export function withDefaults(given: Given, command: Command, { data, connectionString }: Defaults): Given {
  if (given.isSet('data') || given.isSet('connection-string')) return given;
  const otherwise = new Map<string, string | undefined>([
    ...(command.options.data === dataOption.data ? [['data', data] as const] : []),
    ...('connection-string' in command.options ? [['connection-string', connectionString] as const] : []),
  ]);
  return { ...given, text: (option) => given.text(option) ?? otherwise.get(option) };
}

/** One of a closed set of words. */
export function oneOf<T extends string>(given: Given, option: string, words: readonly T[]): T | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  const near = nearest(text, words);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new UsageError(`--${option} takes ${words.join(', ')}, not "${text}".${hint}`);
}
