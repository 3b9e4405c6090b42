/** Which server to ask: the one whose data directory or connection string is given. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, type Given } from './command.ts';

/** What `start` writes into its data directory: its ready line (`design.md` §2). */
export interface ServerFile {
  readonly endpoint: string;
  readonly httpEndpoint?: string;
  readonly connectionString: string;
  readonly caFile?: string;
  readonly clock?: string;
  readonly rtp?: readonly [number, number];
  readonly pid?: number;
}

export interface Door {
  /** Origin that requests go to. */
  readonly origin: URL;
  readonly key: string;
  /** Certificate authority to trust beside the system's, in PEM. */
  readonly ca?: string;
  /** Where address and key come from, for messages. */
  readonly source: string;
  readonly pid?: number;
}

export const dataDirectory = (given: Given): string => given.text('data') ?? '.ringback';
export const serverFileOf = (directory: string): string => join(directory, 'server.json');

const howToStart =
  'Start one with "ringback start", or say where it is with --data DIR or --connection-string TEXT.';

/** Undefined: there is none. Throws `Failure` when it cannot be read. */
export function readServerFile(directory: string): ServerFile | undefined {
  const file = serverFileOf(directory);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const value = JSON.parse(text) as Partial<ServerFile>;
    if (typeof value.endpoint === 'string' && typeof value.connectionString === 'string')
      return value as ServerFile;
  } catch {
    // Falls through: half a file and a foreign file are the same to the reader.
  }
  throw new Failure(
    `${file} does not describe a server. Stop the server, delete the file and start it again.`,
  );
}

export function needServerFile(directory: string): ServerFile {
  const found = readServerFile(directory);
  if (found) return found;
  throw new Failure(`No server is running here: ${serverFileOf(directory)} does not exist.\n${howToStart}`);
}

export interface ConnectionString {
  readonly endpoint: URL;
  readonly key: string;
}

export function readConnectionString(text: string): ConnectionString {
  const { endpoint, accesskey } = Object.fromEntries(
    text
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const equals = part.indexOf('=');
        return [part.slice(0, equals).toLowerCase(), part.slice(equals + 1)] as const;
      }),
  ) as Readonly<Record<string, string>>;
  const url = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !accesskey) {
    throw new Failure(
      'A connection string reads "endpoint=https://HOST:PORT/;accesskey=KEY"; "ringback connection-string" prints one.',
    );
  }
  return { endpoint: url, key: accesskey };
}

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

export function readCa(file: string | undefined): { readonly ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    // A CA that is gone matters only if TLS then fails, and that message says what to do.
    return {};
  }
}

/** The local CA of the server that a connection string names, where it happens to run on this data directory. */
function caOf(endpoint: URL, directory: string): { readonly ca?: string } {
  try {
    const file = readServerFile(directory);
    return file && new URL(file.endpoint).origin === endpoint.origin ? readCa(file.caFile) : {};
  } catch {
    // A damaged file here says nothing about a server elsewhere.
    return {};
  }
}

/** Throws `Failure` when nothing says where a server is. */
export function findDoor(given: Given): Door {
  const text = given.text('connection-string');
  if (text !== undefined) {
    const { endpoint, key } = readConnectionString(text);
    return {
      origin: endpoint,
      key,
      source: 'the connection string given',
      ...caOf(endpoint, dataDirectory(given)),
    };
  }
  const directory = dataDirectory(given);
  const file = needServerFile(directory);
  const { endpoint, key } = readConnectionString(file.connectionString);
  const plain = file.httpEndpoint === undefined ? undefined : new URL(file.httpEndpoint);
  return {
    origin: plain && isLoopback(plain) ? plain : endpoint,
    key,
    source: serverFileOf(directory),
    ...readCa(file.caFile),
    ...(file.pid === undefined ? {} : { pid: file.pid }),
  };
}
