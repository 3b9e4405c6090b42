import { createHash, createHmac } from 'node:crypto';

export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly body: string | Uint8Array;
  /** Access key, base64. */
  readonly key: string;
  /** RFC 1123, `Date.toUTCString()`. */
  readonly date: string;
}

/** The headers that authenticate a request by access key, as the official SDKs send them (`reference/auth.md` §2.1). */
export function signRequest({ method, url, body, key, date }: Unsigned): Readonly<Record<string, string>> {
  const hash = createHash('sha256').update(body).digest('base64');
  const toSign = `${method}\n${url.pathname}${url.search}\n${date};${url.host};${hash}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(toSign, 'utf8').digest('base64');
  return {
    'x-ms-date': date,
    'x-ms-content-sha256': hash,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  };
}
