import { randomBytes } from 'node:crypto';
import { apiVersions } from '../../wire/rest/api-versions.ts';
import type { Exchange, Reply } from './exchange.ts';

const supported = apiVersions.join(', ');
/** Microsoft's correlation vector: 22 base64 characters and a counter; one base per process is enough to tell requests apart. */
const vectorBase = randomBytes(16).toString('base64').slice(0, 22);
let vectors = 0;

const allowedHeaders = [
  'authorization',
  'content-type',
  'accept',
  'date',
  'x-ms-client-request-id',
  'x-ms-useragent',
  'x-ms-date',
  'x-ms-content-sha256',
  'repeatability-request-id',
  'repeatability-first-sent',
  'x-skypetoken',
].join(', ');

const exposedHeaders = [
  'operation-location',
  'operation-id',
  'search-id',
  'purchase-id',
  'reservation-purchase-id',
  'release-id',
  'capabilities-id',
  'x-ms-error-code',
  'location',
  'retry-after',
  'api-supported-versions',
  'ms-cv',
  'repeatability-result',
  'x-microsoft-skype-chain-id',
  'x-ms-client-request-id',
  'x-ms-request-id',
  'x-ringback-row',
].join(', ');

/** RFC 6797 8.1.1 knows no policy for addresses, and one for localhost would break every other http server on a laptop. */
const strictTransport = (host: string | undefined): string =>
  host === undefined || /^(?:localhost|[\w.-]+\.localhost|[\d.]+|\[.*\])(?::\d+)?$/i.test(host)
    ? 'max-age=0'
    : 'max-age=31536000';

/** A browser asks first; any page may, since nothing is authenticated by cookie. */
export function preflight(x: Exchange): Reply | undefined {
  if (x.method !== 'OPTIONS' || x.headers.origin === undefined) return undefined;
  if (x.headers['access-control-request-method'] === undefined) return undefined;
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': '86400',
      vary: 'Origin, Access-Control-Request-Headers',
    },
  };
}

export function responseHeaders(x: Exchange, reply: Reply): Record<string, string> {
  const headers: Record<string, string> = {
    'x-ms-request-id': x.requestId,
    'ms-cv': `${vectorBase}.${vectors++ % 0xffffffff}`,
  };
  if (reply.body !== undefined || reply.bytes !== undefined || reply.stream !== undefined)
    headers['content-type'] = reply.type ?? 'application/json; charset=utf-8';
  if (x.operation?.versioned)
    headers['api-supported-versions'] = x.operation.versions?.join(', ') ?? supported;
  if (reply.correlationId !== undefined) headers['x-microsoft-skype-chain-id'] = reply.correlationId;
  const client = x.headers['x-ms-client-request-id'];
  if (typeof client === 'string' && client.length <= 128) headers['x-ms-client-request-id'] = client;
  if (x.secure) headers['strict-transport-security'] = strictTransport(x.headers.host);
  if (x.headers.origin !== undefined) {
    headers['access-control-allow-origin'] = '*';
    headers['access-control-expose-headers'] = exposedHeaders;
  }
  return reply.headers === undefined ? headers : Object.assign(headers, reply.headers);
}
