/** From arguments to an exit code. */
import { readFileSync } from 'node:fs';
import {
  type Defaults,
  type ExitCode,
  Failure,
  helpOf,
  type Out,
  readArguments,
  UsageError,
  withDefaults,
} from './command.ts';
import { commands, isCommand } from './commands.ts';
import { nearest } from './nearest.ts';
import { columns } from './table.ts';
import { wrap } from './wrap.ts';

function overview(): string {
  const names = Object.entries(commands);
  const width = Math.max(...names.map(([name]) => name.length));
  return [
    'Ringback: a communications server that speaks the Azure Communication Services APIs and explains every outcome.',
    '',
    'Usage: ringback COMMAND [OPTIONS]',
    '',
    ...names.map(([name, { says }]) => `  ${name.padEnd(width)}  ${says}`),
    '',
    '"ringback COMMAND --help" tells more of one. Exit codes: 0 done, 1 failed or unhealthy, 2 not understood.',
  ].join('\n');
}

function version(): string {
  const { version: number } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return number;
}

function unknownCommand(name: string): UsageError {
  const near = nearest(name, Object.keys(commands));
  const hint =
    near === undefined ? '"ringback --help" lists the commands.' : `Did you mean "ringback ${near}"?`;
  return new UsageError(`"${name}" is not a command. ${hint}`);
}

async function perform(args: readonly string[], out: Out, defaults: Defaults): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) {
    out.note(overview());
    return 2;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    out.line(overview());
    return 0;
  }
  if (name === '--version') {
    out.line(version());
    return 0;
  }
  if (name === 'help') return perform([rest[0] ?? '', '--help'], out, defaults);
  if (name.startsWith('-'))
    throw new UsageError(
      `The command comes first: "ringback COMMAND ${name}". "ringback --help" lists the commands.`,
    );
  if (!isCommand(name)) throw unknownCommand(name);
  const { command } = await commands[name].load();
  const given = readArguments(command, rest);
  if (!given) {
    out.line(helpOf(command));
    return 0;
  }
  return command.run(withDefaults(given, command, defaults), out);
}

const onPage = (message: string): string =>
  message
    .split('\n')
    .map((line) => wrap(line, { width: columns }))
    .join('\n');

const defects = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Expected failures are told by their message; a defect of ours by its stack. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isDefect = defects.some((defect) => error instanceof defect);
  return isDefect ? `This is a defect in Ringback; please report it.\n${error.stack}` : error.message;
}

export async function run(args: readonly string[], out: Out, defaults: Defaults): Promise<ExitCode> {
  try {
    return await perform(args, out, defaults);
  } catch (error) {
    out.note(error instanceof UsageError || error instanceof Failure ? onPage(error.message) : words(error));
    return error instanceof UsageError ? 2 : 1;
  }
}
