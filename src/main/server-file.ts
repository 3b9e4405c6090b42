/** The ready line and `server.json`: how commands and tests find a running server (design.md §2). */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ReadyLine {
  readonly event: 'ready';
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly connectionString: string;
  readonly caFile: string;
  readonly sip: { readonly udp: number; readonly tcp: number; readonly tls?: number };
  readonly rtp: readonly [number, number];
  readonly admin: string;
  readonly clock: 'real' | 'manual';
  readonly pid: number;
}

export const serverFile = (directory: string): string => join(directory, 'server.json');

/** Readable by its owner only: it carries an access key. */
export function writeServerFile(directory: string, line: ReadyLine): void {
  const file = serverFile(directory);
  writeFileSync(file, `${JSON.stringify(line, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** How long a server that runs may take to say so. */
const answerMs = 500;

/**
 * Rejects when another process serves this directory: two would take each other's calls. The server is asked itself,
 * for the process id of one that was killed may long belong to something else.
 */
export async function refuseSecondServer(directory: string): Promise<void> {
  const other = readServerFile(directory);
  if (!other || other.pid === process.pid || !(await answers(other))) return;
  throw new Error(
    `A server runs on ${directory} already (process ${other.pid}, ${other.endpoint}). Stop it, or choose another directory with --data.`,
  );
}

async function answers({ httpEndpoint }: ReadyLine): Promise<boolean> {
  try {
    const response = await fetch(new URL('health/live', httpEndpoint), {
      signal: AbortSignal.timeout(answerMs),
    });
    return response.ok;
  } catch {
    // Refused or silent: nobody is there.
    return false;
  }
}

function readServerFile(directory: string): ReadyLine | undefined {
  try {
    return JSON.parse(readFileSync(serverFile(directory), 'utf8')) as ReadyLine;
  } catch {
    // None, or not whole: whoever wrote it is gone.
    return undefined;
  }
}

export function removeServerFile(directory: string): void {
  rmSync(serverFile(directory), { force: true });
}
