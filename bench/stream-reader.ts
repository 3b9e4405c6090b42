/** The application's end of media streams: takes every frame and throws it away. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { StreamRequest } from '../src/app/ports/media.ts';
import type { MediaHostOptions } from '../src/edge/media/host.ts';

export async function openStreamReader() {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const services: MediaHostOptions['streams'] = {
    resolve: async () => ({ addresses: ['127.0.0.1'], roots: [] }),
    authorization: async () => 'bench',
    transcribe: async () => ({ heard: 'nothing' }),
  };
  return {
    services,
    request: (callId: string): StreamRequest => ({
      ...{ callId, connectionId: `connection of ${callId}`, correlationId: 'bench', resourceId: 'bench' },
      participants: {},
      stream: {
        ...{ id: `stream of ${callId}`, onConnect: true, state: 'opening' },
        settings: { kind: 'audio', url, channels: 'mixed', rate: 16000, bidirectional: false, dtmf: false },
      },
    }),
    close: (): void => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
    },
  };
}
