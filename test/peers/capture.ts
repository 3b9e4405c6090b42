/** The SIP messages of a call as the admin API gives them to a client that accepts nothing but captures. */
import assert from 'node:assert/strict';
import type { signedRequest } from '../../src/main/signed-request.ts';
import { signRequest } from '../../src/wire/rest/sign-request.ts';

const type = 'application/vnd.tcpdump.pcap';

export async function fetchCapture(ready: Parameters<typeof signedRequest>[0], id: string): Promise<Buffer> {
  const url = new URL(`calls/${id}/pcap`, ready.admin);
  const [, key = ''] = ready.connectionString.split('accesskey=');
  const signed = signRequest({ method: 'GET', url, body: '', key, date: new Date().toUTCString() });
  const response = await fetch(url, { headers: { ...signed, accept: type } });
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, type]);
  return Buffer.from(await response.arrayBuffer());
}
