/** For tests: a call whose participants are told what to say, and the application at the other end of its websockets. */
import { once } from 'node:events';
import { createServer as createPlain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AudioData, StreamingData } from '@azure/communication-call-automation';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Blobs } from '../../../../app/ports/blobs.ts';
import type { StreamRequest } from '../../../../app/ports/media.ts';
import type { StreamEvent, StreamSettings } from '../../../../domain/media/stream.ts';
import { samplesOf } from '../../../../wire/wav/wav.ts';
import type { Answer, Question } from '../../messages.ts';
import { until } from '../../phone.fixture.ts';
import { CallRooms } from '../audio/call-rooms.ts';
import { Talker } from '../audio/talker.fixture.ts';
import { type StreamLimits, usualLimits } from './limits.ts';
import { Questions } from './questions.ts';

/** An application's side of one connection, read by the official SDK. */
export class Connected {
  readonly socket: WebSocket;
  readonly headers: IncomingHttpHeaders;
  readonly texts: string[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(socket: WebSocket, headers: IncomingHttpHeaders) {
    this.socket = socket;
    this.headers = headers;
    const { promise, resolve } = Promise.withResolvers<{ code: number; reason: string }>();
    this.closed = promise;
    socket.on('message', (data, binary) => {
      if (binary) throw new Error('a frame is text');
      this.texts.push(data.toString());
    });
    socket.on('error', () => {});
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  }

  get kinds(): readonly string[] {
    return this.texts.map((text) => JSON.parse(text).kind);
  }

  /** The answer to a ping. */
  async pong(): Promise<void> {
    this.socket.ping();
    await once(this.socket, 'pong');
  }

  /** What the SDK makes of all frames of a kind. */
  frames<T>(kind: string): readonly T[] {
    return this.texts
      .filter((text) => JSON.parse(text).kind === kind)
      .map((text) => StreamingData.parse(text) as T);
  }

  get audio(): readonly AudioData[] {
    return this.frames<AudioData>('AudioData');
  }

  /** Audio of these frames in one piece. */
  samples(frames: readonly AudioData[] = this.audio): Int16Array {
    return samplesOf(Buffer.concat(frames.map(({ data }) => Buffer.from(data, 'base64'))));
  }
}

export type Answering = 'accept' | 'never' | number;

/** An application that takes websockets, over TLS where it has a certificate. */
export class StreamApplication implements AsyncDisposable {
  readonly connections: Connected[] = [];
  /** What it does with the next handshakes; a number is a status. */
  answering: Answering = 'accept';
  /** What it does with a connection that it has accepted. */
  onConnection: (connected: Connected) => void = () => {};
  handshakes = 0;
  readonly #server: ReturnType<typeof createPlain>;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;

  private constructor(tls: { readonly cert: string; readonly key: string } | undefined) {
    this.#server = tls ? createTls(tls) : createPlain();
    this.#scheme = tls ? 'wss' : 'ws';
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.handshakes += 1;
      if (this.answering === 'never') {
        socket.on('end', () => socket.end()).resume();
        return;
      }
      if (this.answering !== 'accept') {
        socket.end(`HTTP/1.1 ${this.answering} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (accepted) => {
        const connected = new Connected(accepted, request.headers);
        this.connections.push(connected);
        this.onConnection(connected);
      });
    });
  }

  static async open(tls?: { readonly cert: string; readonly key: string }): Promise<StreamApplication> {
    const application = new StreamApplication(tls);
    application.#server.listen(0, '127.0.0.1');
    await once(application.#server, 'listening');
    return application;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}/stream?call=1`;
  }

  /** The connection of this number, once it is there. */
  connection(index = 0): Promise<Connected> {
    return until(
      () => this.connections[index],
      () => `${this.connections.length} connections, ${this.handshakes} handshakes`,
    );
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Nobody listens any more, and nobody is connected. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }
}

/** Soon, where the wait is not what is tested. */
export const quickLimits: StreamLimits = {
  ...usualLimits,
  handshakeMs: 300,
  redialMs: [5, 10, 20],
  lostMs: 2000,
  closingMs: 100,
};

export interface CallStageOptions {
  readonly limits?: Partial<StreamLimits>;
  readonly blobs?: Blobs;
  readonly answer?: (question: Question) => Answer | Promise<Answer>;
}

/** Rooms with one call, driven frame by frame. */
export class CallStage implements Disposable {
  readonly events: StreamEvent[] = [];
  readonly notes: string[] = [];
  readonly asked: Question[] = [];
  readonly rooms: CallRooms;
  readonly #voices = new Map<string, Talker>();
  readonly #questions: Questions;

  constructor(options: CallStageOptions = {}) {
    const answer =
      options.answer ??
      ((question: Question): Answer => {
        if (question.about === 'where')
          return { addresses: ['127.0.0.1'], authorization: 'Bearer token', roots: [] };
        return { fault: 'internal', why: 'nobody understands here' };
      });
    this.#questions = new Questions((questionId, question) => {
      this.asked.push(question);
      void Promise.resolve(answer(question)).then((said) => this.#questions.answered(questionId, said));
    });
    this.rooms = new CallRooms({
      leg: (legId) => this.#voices.get(legId),
      tell: (_callId, event) => {
        if (event.kind === 'stream') this.events.push(event.event);
      },
      note: (_callId, note) => this.notes.push(note),
      questions: this.#questions,
      rawId: (legId) => (this.#voices.has(legId) ? `4:${legId}` : undefined),
      streamLimits: { ...quickLimits, ...options.limits },
      ...(options.blobs === undefined ? {} : { blobs: options.blobs }),
    });
  }

  join(legId: string): Talker {
    const voice = new Talker(legId);
    this.#voices.set(legId, voice);
    this.rooms.join('call', voice);
    return voice;
  }

  request(settings: StreamSettings): StreamRequest {
    return {
      callId: 'call',
      connectionId: 'connection',
      correlationId: 'correlation',
      resourceId: 'resource',
      stream: { id: 'subscription', settings, onConnect: true, state: 'opening' },
      participants: {},
      speechEndpoint: 'https://speech.example',
    };
  }

  open(settings: StreamSettings): void {
    this.rooms.handle({ kind: 'open-stream', seq: 0, ...this.request(settings) });
  }

  close(kind: StreamSettings['kind']): void {
    const about = { callId: 'call', connectionId: 'connection', stream: kind };
    this.rooms.handle({ kind: 'close-stream', seq: 0, ...about });
  }

  frames(count: number): void {
    for (let frame = 0; frame < count; frame++) this.rooms.frame();
  }

  /** Lets frames go by until it is so. */
  playUntil<T>(find: () => T | undefined | false, whyNot: () => string): Promise<T> {
    return until(() => {
      this.rooms.frame();
      return find();
    }, whyNot);
  }

  /** The event of this number, once it is told. */
  event(index: number): Promise<StreamEvent> {
    return until(
      () => this.events[index],
      () => `there were ${JSON.stringify(this.events)}`,
    );
  }

  get told(): readonly string[] {
    return this.events.map((event) => (event.now === 'failed' ? `failed ${event.fault}` : event.now));
  }

  [Symbol.dispose](): void {
    this.rooms.close();
    this.#questions.close();
  }
}
