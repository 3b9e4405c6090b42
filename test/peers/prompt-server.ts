/** A server of prompts as applications have one, which answers as a test tells it to. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FileSource } from '@azure/communication-call-automation';

export class PromptServer implements AsyncDisposable {
  readonly #server: Server;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** What stands under each name: the bytes of a file, or how it answers. Other names are 404. */
  static async open(files: Readonly<Record<string, Buffer | RequestListener>>): Promise<PromptServer> {
    const server = createServer();
    const prompts = new PromptServer(server);
    server.on('request', (request, response) => {
      const name = (request.url ?? '').slice(1);
      prompts.asked.push(name);
      const found = Object.hasOwn(files, name) ? files[name] : undefined;
      if (typeof found === 'function') found(request, response);
      else response.writeHead(found ? 200 : 404).end(found ?? 'nothing here');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return prompts;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  file(name: string): FileSource {
    return { kind: 'fileSource', url: `http://127.0.0.1:${this.port}/${name}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
