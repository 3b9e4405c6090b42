/** Devices in a browser: pages with the official Chat SDK, and what each of them has heard. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../../scenarios/stage/wait.ts';
import type { DeviceLogin } from './chat-page.ts';

export interface PageServer extends AsyncDisposable {
  /** Of a page that a device can log in with; on loopback, as a developer's. */
  readonly url: string;
}

export async function servePage(): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('chat-page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';
  const server = createServer(({ url }, response) => {
    const script = url === '/page.js';
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(script ? outputFiles[0]?.contents : html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An event of the client, or `connected` and `disconnected`. */
export interface Heard {
  readonly event: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface DeviceOptions {
  readonly newToken?: () => Promise<string>;
  /** Before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export class BrowserDevice implements AsyncDisposable {
  readonly page: Page;
  readonly heard: Heard[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  /** A device of its own context, connected. */
  static async open(
    browser: Browser,
    { url }: PageServer,
    as: DeviceLogin,
    { newToken, prepare }: DeviceOptions = {},
  ): Promise<BrowserDevice> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const device = new BrowserDevice(context, page);
    await prepare?.(page);
    await page.exposeFunction('hear', (event: string, value: Heard['value'] = {}) => {
      device.heard.push({ event, value });
    });
    await page.exposeFunction('newToken', newToken ?? (() => Promise.resolve(as.token)));
    await page.goto(url);
    await page.evaluate(({ endpoint, token }) => login({ endpoint, token }), as);
    await device.until('connected');
    return device;
  }

  /** What it heard of these events, in order. */
  of(...events: readonly string[]): readonly Heard['value'][] {
    return this.heard.filter(({ event }) => events.includes(event)).map(({ value }) => value);
  }

  /** Waits until it has heard so many of an event; gives all of them. */
  until(event: string, count = 1): Promise<readonly Heard['value'][]> {
    return until(`${count} ${event} in the browser`, async () => {
      const found = this.of(event);
      if (found.length >= count) return { is: found };
      return { notYet: `it heard ${this.heard.map((one) => one.event).join(', ') || 'nothing'}` };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}
