/** The yardstick of chat: a websocket server that sends what it is sent to everybody, and nothing else. A process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { openAuthority } from '../src/edge/tls/authority.ts';
import { encodeNotification } from '../src/wire/realtime/chat-notifications.ts';
import { ask, endWithTheBench } from './child.ts';

export interface Broadcaster {
  readonly endpoint: string;
  readonly ca: string;
  cpuMs(): Promise<number>;
  stop(): void;
}

export async function startBroadcaster(): Promise<Broadcaster> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['broadcaster']);
  const { port, ca } = await ask<{ port: number; ca: string }>(child);
  return {
    endpoint: `https://localhost:${port}/`,
    ca,
    cpuMs: () => ask<number>(child, { cpu: true }),
    stop: () => void child.kill(),
  };
}

/** The same bytes as a notification of ours, around another text. */
const user = '8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_00000020-9d5c-7147-9df4-0fb937de3b28';
const [before = '', after = ''] = encodeNotification({
  threadId: '19:acsV1_AaIJvqDHcuK_Gjh4GacqNgGiCb6gx3OMu3MfixrKnlQ@thread.v2',
  resourceId: '2fd14f97-5cf0-45a2-a59b-45a43541727c',
  at: Date.now(),
  event: 'chatMessageReceived',
  message: {
    id: Date.now(),
    sequence: 1,
    version: Date.now(),
    content: { type: 'text', text: 'TEXT' },
    sender: user,
    createdAt: Date.now(),
  },
})
  .push(1, '0123456789abcdef0123456789abcdef', user)
  .split('TEXT');

async function broadcast(): Promise<void> {
  const { server: identity, ca } = await openAuthority({});
  const https = createServer(identity);
  const server = new WebSocketServer({ server: https, perMessageDeflate: false });
  const members = new Set<WebSocket>();
  server.on('connection', (socket, request) => {
    socket.on('error', () => {});
    socket.send('1::');
    if (request.url === '/sender') {
      socket.on('message', (data) => {
        const frame = before + String(data) + after;
        for (const member of members) member.send(frame);
        socket.send('stored');
      });
      return;
    }
    members.add(socket);
    socket.on('close', () => members.delete(socket));
    socket.on('message', (data) => {
      if (String(data).startsWith('5:')) socket.send('6:::1+["pong"]');
    });
  });
  https.listen(0, 'localhost', () => process.send?.({ port: (https.address() as AddressInfo).port, ca }));
  process.on('message', () => {
    const { user: own, system } = process.cpuUsage();
    process.send?.((own + system) / 1000);
  });
}

if (process.argv[2] === 'broadcaster') {
  endWithTheBench();
  await broadcast();
}
