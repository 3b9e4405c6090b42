/** The ready line and `server.json`: how commands and tests find a running server (design.md §2). */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ReadyLine {
  readonly event: 'ready';
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly connectionString: string;
  readonly caFile: string;
  readonly sip: { readonly udp: number; readonly tcp: number };
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

export function removeServerFile(directory: string): void {
  rmSync(serverFile(directory), { force: true });
}
