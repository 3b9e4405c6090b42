/** Signed and unsigned requests to a server, as an application makes them. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { signRequest } from '../../src/wire/rest/sign-request.ts';
import type { HttpReply, HttpRequest, Observation } from '../scenario.ts';

export interface ServerAddress {
  /** Plain HTTP, `http://127.0.0.1:port`. */
  readonly http: string;
  readonly https: string;
  /** PEM of the local CA. */
  readonly ca: string;
}

export const apiVersion = '2026-03-12';

interface ErrorFields {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly innererror?: { readonly code?: unknown };
}

function observe(method: string, path: string, status: number, body: unknown): Observation {
  const error = (body as { error?: ErrorFields } | undefined)?.error;
  // The code within says more exactly what is wrong.
  const code = Number(error?.innererror?.code ?? error?.code);
  const own = Number.isInteger(code) && code !== status;
  return {
    where: `HTTP ${method} ${path.split('?')[0]}`,
    code: status,
    ...(own ? { subCode: code } : {}),
    ...(typeof error?.message === 'string' ? { message: error.message } : {}),
  };
}

function urlOf(address: ServerAddress, { path, https, apiVersion: version = apiVersion }: HttpRequest): URL {
  const url = new URL(path, https ? address.https : address.http);
  if (version !== false && !url.searchParams.has('api-version')) url.searchParams.set('api-version', version);
  return url;
}

function credentials(
  request: HttpRequest,
  url: URL,
  body: string,
  key: string,
): Readonly<Record<string, string>> {
  if (request.credentials === 'none') return {};
  if (typeof request.credentials === 'object') return { authorization: request.credentials.authorization };
  return signRequest({ method: request.method, url, body, key, date: new Date().toUTCString() });
}

export function replyOf(
  method: string,
  path: string,
  status: number,
  headers: Record<string, string>,
  text: string,
): HttpReply {
  let body: unknown = text === '' ? undefined : text;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    // Not JSON: the text itself is the body.
  }
  return { status, headers, body, observed: observe(method, path, status, body) };
}

export function send(address: ServerAddress, key: string, request: HttpRequest): Promise<HttpReply> {
  const url = urlOf(address, request);
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const headers = {
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...credentials(request, url, body, key),
    ...request.headers,
  };
  const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = make(
      url,
      {
        method: request.method,
        headers,
        ca: address.ca,
        ...(request.signal ? { signal: request.signal } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const seen = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve(replyOf(request.method, request.path, response.statusCode ?? 0, seen, text));
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
