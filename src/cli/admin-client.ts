/** Signed requests to a server, with errors that say what to do. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { signRequest } from '../wire/rest/sign-request.ts';
import { Failure } from './command.ts';
import type { Door } from './server-file.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Below the origin, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** A success is a file, not JSON. */
  readonly bytes?: true;
  /** Milliseconds until the answer is given up. */
  readonly within?: number;
}

const patience = 15_000;

export function ask(
  door: Door,
  { method = 'GET', path, body, bytes, within = patience }: Ask,
): Promise<Answer> {
  const url = new URL(path, door.origin);
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    ...signRequest({ method, url, body: text, key: door.key, date: new Date().toUTCString() }),
    accept: bytes ? '*/*' : 'application/json',
    ...(text === ''
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
  };
  return new Promise((resolve, reject) => {
    const options = { method, headers, signal: AbortSignal.timeout(within), agent: false as const };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, ...(door.ca === undefined ? {} : { ca: door.ca }) })
        : requestHttp(url, options);
    request.on('error', (error) => reject(new Failure(unreachable(door, url, error, within))));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => reject(new Failure(unreachable(door, url, error, within))));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const whole = Buffer.concat(chunks);
        resolve({ status, body: bytes && status === 200 ? whole : readBody(whole.toString('utf8')) });
      });
    });
    request.end(text);
  });
}

function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not our server's: shown as it came.
    return text;
  }
}

function codeOf(error: unknown): string {
  // Both addresses of localhost refused: the kind stands in the parts.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return String(
    (first as NodeJS.ErrnoException | undefined)?.code ?? (first as Error | undefined)?.name ?? '',
  );
}

function unreachable(door: Door, url: URL, error: Error, within: number): string {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') {
    const was = door.pid === undefined ? '' : `, process ${door.pid}`;
    return `No server answers at ${url.origin} (from ${door.source}${was}).\nStart it with "ringback start", or name another with --data DIR or --connection-string TEXT.`;
  }
  if (code === 'ABORT_ERR' || code === 'AbortError' || code === 'TimeoutError') {
    return `The server at ${url.origin} gave no answer within ${within / 1000} s.`;
  }
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    return `The certificate of ${url.origin} is not trusted here (${code}).\nUse --data with the server's data directory, or set NODE_EXTRA_CA_CERTS to the file that "ringback ca" prints.`;
  }
  return `${url.origin} cannot be asked: ${error.message === '' ? code : error.message}`;
}

/** What the error shape of either API says. */
export function errorText(body: unknown): string {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: { code?: unknown; message?: unknown };
  };
  if (typeof error?.message === 'string') return error.message;
  return typeof body === 'string' && body !== '' ? body.slice(0, 300) : 'no further words';
}

function refusal(door: Door, answer: Answer): string {
  const said = errorText(answer.body);
  switch (answer.status) {
    case 401:
      return `The server at ${door.origin.origin} refuses the key (from ${door.source}): ${said}`;
    case 403:
      return `The key from ${door.source} does not administer the server: ${said}`;
    case 501:
      return said;
    default:
      return `The server answered ${answer.status}: ${said}`;
  }
}

/** The body of a successful answer. Throws `Failure` otherwise. */
export async function need<T>(door: Door, question: Ask): Promise<T> {
  const answer = await ask(door, question);
  if (answer.status < 200 || answer.status > 299) throw new Failure(refusal(door, answer));
  return answer.body as T;
}

/** Undefined: the server knows nothing by that name. */
export async function find<T>(door: Door, question: Ask): Promise<T | undefined> {
  const answer = await ask(door, question);
  if (answer.status === 404) return undefined;
  if (answer.status < 200 || answer.status > 299) throw new Failure(refusal(door, answer));
  return answer.body as T;
}
