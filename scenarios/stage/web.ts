/** What an application and its speech provider have on the web, on loopback: audio files, speech services, websockets. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { audioFile } from './audio-file.ts';
import { speechAnswer } from './speech-answer.ts';

export interface Web extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
}

/** `/speech/answers-401/cognitiveservices/v1?…`: place, manners, the rest. */
function read(request: IncomingMessage): readonly [place: string, manners: string, rest: string] {
  const [, place = '', manners = '', ...rest] = (request.url ?? '').split('/');
  return [place, decodeURIComponent(manners), rest.join('/')];
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [place, manners, rest] = read(request);
  if (place === 'audio') {
    const bytes = audioFile(manners);
    response.writeHead(bytes ? 200 : 404).end(bytes ?? 'There is no such file.');
    return;
  }
  const said = place === 'speech' ? speechAnswer(manners, rest) : { status: 404, body: '' };
  if (said) response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body);
  else response.destroy();
}

function upgrade(websockets: WebSocketServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  // Whoever gives up waiting cuts the connection, and that is no failure of this side.
  socket.on('error', () => socket.destroy());
  const [, manners] = read(request);
  if (manners === 'takes') websockets.handleUpgrade(request, socket, head, (open) => open.resume());
  else if (manners === 'refuses') socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
}

export async function openWeb(): Promise<Web> {
  const websockets = new WebSocketServer({ noServer: true });
  const upgraded = new Set<Duplex>();
  const server = createServer((request, response) => {
    // The answer waits for the whole question, as a real service's does.
    request.resume().on('end', () => answer(request, response));
  });
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    upgrade(websockets, request, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
