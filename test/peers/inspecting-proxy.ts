/** An office's proxy between browser and server: it reads TLS by a certificate of its own and passes requests, no websockets. */
import { createServer, request as requestSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { LocalAuthority } from '../../src/edge/tls/authority.ts';

export interface InspectingProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** `GET /path`, in order. */
  readonly passed: readonly string[];
}

/** Headers of one hop (RFC 9110 7.6.1): an upgrade is one. */
const ofOneHop = new Set(['connection', 'upgrade', 'keep-alive', 'transfer-encoding']);

export async function openInspectingProxy(
  { endpoint, ca }: { readonly endpoint: string; readonly ca: string },
  authority: LocalAuthority,
): Promise<InspectingProxy> {
  const passed: string[] = [];
  const { cert, key } = await authority.issueCertificate(['localhost']);
  const { port: far } = new URL(endpoint);
  const server = createServer({ cert, key }, (near, response) => {
    const { method, url: path, headers } = near;
    passed.push(`${method} ${path?.split('?')[0]}`);
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneHop.has(name)));
    const onward = requestSecurely({ port: far, method, path, headers: kept, ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    near.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}`,
    passed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
