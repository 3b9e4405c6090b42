/** A device that speaks the notification protocol by hand, so that it can also speak it badly. */
import { EventEmitter, once } from 'node:events';
import { WebSocket } from 'ws';
import { type Answered, type ChatServer, send } from './chat-people.ts';

export interface Granted {
  readonly socketio: string;
  readonly surl: string;
  readonly ttl: string;
  readonly connectparams: Readonly<Record<string, string>>;
}

/** A notification as its body says it. */
export type Heard = Readonly<Record<string, unknown>> & { readonly eventId: number };

export interface DeviceOptions {
  readonly server: ChatServer;
  readonly token: string;
  readonly registrationId?: string;
}

const query = (params: Readonly<Record<string, string>>): string => new URLSearchParams(params).toString();

export class RawDevice {
  readonly heard: Heard[] = [];
  /** Everything that came, as it came. */
  readonly frames: string[] = [];
  /** Code and words of the websocket's end. */
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Answers pushes by itself. */
  confirms = true;
  granted: Granted | undefined;
  token: string;
  readonly registrationId: string;
  readonly #server: ChatServer;
  readonly #changes = new EventEmitter();
  #socket: WebSocket | undefined;

  constructor({ server, token, registrationId = 'device-1' }: DeviceOptions) {
    this.#server = server;
    this.token = token;
    this.registrationId = registrationId;
  }

  ask(method: string, path: string, body?: unknown): Promise<Answered> {
    return send(this.#server, undefined, method, path, body, { 'x-skypetoken': this.token });
  }

  /** A session, or the one it had. */
  allocate(): Promise<Answered> {
    const before = this.granted ? `?${query(this.granted.connectparams)}` : '';
    return this.ask('POST', `/v4/a${before}`);
  }

  async handshake(): Promise<string> {
    const path = `/socket.io/1/?${query(this.granted?.connectparams ?? {})}`;
    const { status, body } = await send(this.#server, undefined, 'GET', path, undefined, {
      'x-skypetoken': this.token,
      accept: 'text/plain',
    });
    if (status !== 200) throw new Error(`the handshake was answered ${status}`);
    return String(body).split(':')[0] ?? '';
  }

  register(ttl = 7200): Promise<Answered> {
    return this.ask('POST', '/v3/registrations', {
      clientDescription: { appId: 'AcsWeb', templateKey: 'AcsWeb_Chat_2.1', platform: 'SPOOL' },
      registrationId: this.registrationId,
      nodeId: '',
      transports: { TROUTER: [{ context: '', path: this.granted?.surl, ttl }] },
    });
  }

  unregister(): Promise<Answered> {
    return this.ask('DELETE', `/v3/registrations/${this.registrationId}`);
  }

  /** Session, socket and registration. */
  async connect(): Promise<this> {
    const { status, body } = await this.allocate();
    if (status !== 200) throw new Error(`the session was answered ${status}: ${JSON.stringify(body)}`);
    this.granted = body as Granted;
    await this.open(await this.handshake());
    const registered = await this.register();
    if (registered.status !== 200) throw new Error(`the registration was answered ${registered.status}`);
    return this;
  }

  /** Resolves when the server has said that the session is connected. */
  async open(socketId: string): Promise<void> {
    const url = new URL(`/socket.io/1/websocket/${socketId}`, this.#server.endpoint);
    url.protocol = 'wss:';
    const socket = new WebSocket(url, { ca: this.#server.ca, perMessageDeflate: false });
    this.#socket = socket;
    this.closed = undefined;
    socket.on('message', (data) => this.#take(String(data)));
    socket.on('close', (code, reason) => {
      this.closed ??= { code, reason: String(reason) };
      this.#changes.emit('change');
    });
    const from = this.frames.length;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      const look = (): void => {
        if (!this.frames.slice(from).some((frame) => frame.includes('trouter.connected'))) return;
        this.#changes.off('change', look);
        resolve();
      };
      this.#changes.on('change', look);
    });
    socket.on('error', () => {});
  }

  say(frame: string | Buffer): void {
    this.#socket?.send(frame);
  }

  /** As the client's own farewell; resolves when the connection is closed. */
  async leave(): Promise<void> {
    if (this.closed) return;
    this.say('0::');
    await this.until(({ closed }) => closed !== undefined, 'the end of the connection');
  }

  /** Without a word, as a lost network does. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Reads nothing more of what the network brings. */
  deafen(): void {
    this.#socket?.pause();
  }

  /** Resolves when `seen` is true of it. */
  async until(seen: (device: this) => boolean, why: string): Promise<void> {
    const late = AbortSignal.timeout(10_000);
    while (!seen(this)) {
      await once(this.#changes, 'change', { signal: late }).catch(() => {
        throw new Error(
          `${why} did not happen; heard ${JSON.stringify(this.heard.map(({ eventId }) => eventId))}`,
        );
      });
    }
  }

  #take(frame: string): void {
    this.frames.push(frame);
    if (frame.startsWith('3:::')) {
      const { id, body } = JSON.parse(frame.slice(4)) as { id: number; body: string };
      this.heard.push(JSON.parse(body) as Heard);
      if (this.confirms) this.say(`3:::${JSON.stringify({ id, status: 200, headers: {}, body: '' })}`);
    }
    this.#changes.emit('change');
  }
}
