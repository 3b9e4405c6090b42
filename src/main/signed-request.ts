import { signRequest } from '../wire/rest/sign-request.ts';
import type { ReadyLine } from './server-file.ts';

/** One call of the admin API of the server behind this ready line. Rejects with what the server said. */
export async function signedRequest(
  ready: ReadyLine,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const url = new URL(path, ready.admin);
  const key = ready.connectionString.slice(
    ready.connectionString.indexOf('accesskey=') + 'accesskey='.length,
  );
  const text = body === undefined ? '' : JSON.stringify(body);
  const signed = signRequest({ method, url, body: text, key, date: new Date().toUTCString() });
  const response = await fetch(url, {
    method,
    ...(text === '' ? {} : { body: text }),
    headers: { 'content-type': 'application/json', ...signed },
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${url.pathname}: ${response.status} ${answer}`);
  return answer === '' ? undefined : JSON.parse(answer);
}
