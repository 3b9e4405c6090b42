/** A speech provider that a test writes: a real HTTP server on loopback, and a real guarded way to it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPoster } from '../callbacks/poster.ts';
import type { Fetch } from './fetch.ts';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface ProviderStage extends AsyncDisposable {
  readonly endpoint: string;
  readonly fetch: Fetch;
  readonly asked: Asked[];
}

export async function stageProvider(
  answer: (response: ServerResponse, asked: Asked) => void,
): Promise<ProviderStage> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) };
      asked.push(one);
      answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const poster = createPoster({ profile: 'development', allowHttpCallbacks: true });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    fetch: (request) => poster.fetch(request),
    asked,
    [Symbol.asyncDispose]: async () => {
      await poster.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A second of something that counts as a voice, between two silences. */
export const voice = Int16Array.from({ length: 32_000 }, (_, n) =>
  n > 8000 && n < 24_000 ? Math.round(6000 * Math.sin(n / 12) * (1 + Math.sin(n / 900))) : 0,
);
