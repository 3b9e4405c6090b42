import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Command, dataOption, Failure } from './command.ts';
import { dataDirectory, readServerFile, serverFileOf } from './server-file.ts';

/** Signal 0 asks whether the process is there and sends nothing. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process: it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A directory that we made: nothing else may be wiped by a slip of the hand. */
function isOurs(directory: string): boolean {
  if (basename(directory) === '.ringback') return true;
  const files = readdirSync(directory);
  return files.length === 0 || ['server.json', 'ringback.db', 'ca.pem'].some((name) => files.includes(name));
}

function pidOf(directory: string): number | undefined {
  try {
    return readServerFile(directory)?.pid;
  } catch {
    // A damaged server.json is one of the reasons to wipe the directory.
    return undefined;
  }
}

export const command: Command = {
  name: 'clean',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'Deletes the data directory of a stopped server: calls, events, logs, the local CA.',
  options: dataOption,
  run: (given, out) => {
    const directory = resolve(dataDirectory(given));
    if (!existsSync(directory)) {
      out.line(`${directory} does not exist: nothing to delete.`);
      return 0;
    }
    const pid = pidOf(directory);
    if (pid !== undefined && isRunning(pid)) {
      throw new Failure(
        `A server runs on it (process ${pid}, by ${serverFileOf(directory)}). Stop it first; "ringback reset" wipes a running one.`,
      );
    }
    if (
      !isOurs(directory) ||
      existsSync(join(directory, 'package.json')) ||
      existsSync(join(directory, '.git'))
    ) {
      throw new Failure(
        `${directory} does not look like a data directory of Ringback: it holds neither server.json, ringback.db nor ca.pem.`,
      );
    }
    rmSync(directory, { recursive: true });
    out.line(`${directory} is deleted.`);
    return 0;
  },
};
