/**
 * GET of a call over keep-alive HTTP with its HMAC checked, against a bare Fastify route that answers the same bytes.
 * Both are saturated in turns by the same client; requests/s depend on what is left to them, CPU per request does not.
 *
 *     node bench/get.ts [seconds for each round, 2 when absent]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { fastify } from 'fastify';
import { newestApiVersion } from '../src/wire/rest/api-versions.ts';
import { signRequest } from '../src/wire/rest/sign-request.ts';
import { startApplication } from './application.ts';
import { median, pause, rounded } from './figures.ts';
import { startServer } from './server.ts';
import { startStack } from './stack-process.ts';

const connections = 32;
const rounds = 4;

interface Round {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** Sends the same bytes again as soon as an answer is complete; the first answer tells how long answers are. */
function hammer(port: number, request: string, seconds: number): Promise<number> {
  const bytes = Buffer.from(request, 'latin1');
  const sockets = Array.from({ length: connections }, () =>
    connect({ port, host: '127.0.0.1', noDelay: true }),
  );
  let answers = 0;
  // A client that sleeps must be woken for each answer, and the kernel does that at the cost of the server, the more the
  // slower it is: it stays awake instead.
  let measuring = true;
  const stayAwake = (): void => {
    if (measuring) setImmediate(stayAwake);
  };
  stayAwake();
  for (const socket of sockets) {
    let pending = '';
    socket.on('error', () => {});
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (part) => {
      pending += part.toString('latin1');
      const head = pending.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(pending.slice(0, head))?.[1]);
      if (pending.length < head + 4 + length) return;
      if (!pending.startsWith('HTTP/1.1 200')) throw new Error(pending.slice(0, 500));
      pending = '';
      answers += 1;
      socket.write(bytes);
    });
  }
  return pause(seconds * 1000).then(() => {
    measuring = false;
    for (const socket of sockets) socket.destroy();
    return answers;
  });
}

async function round(
  port: number,
  request: string,
  seconds: number,
  cpu: () => Promise<number>,
): Promise<Round> {
  const before = await cpu();
  const answers = await hammer(port, request, seconds);
  return { perSecond: answers / seconds, cpuUs: ((await cpu()) - before) * (1000 / answers) };
}

/** The yardstick, in a process of its own: the route is as bare as Fastify allows, the body is sent as text. */
async function bare(body: string): Promise<void> {
  const app = fastify();
  app.get('/calling/callConnections/:id', (_request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send(body);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  const address = app.server.address();
  if (typeof address === 'object') process.send?.(address?.port);
}

const cpuOf = async (child: ChildProcess): Promise<number> => {
  child.send('cpu');
  const [ms] = await once(child, 'message');
  return ms as number;
};

async function main(seconds: number): Promise<void> {
  const peer = await startStack('ours', { protocol: 'udp' });
  const server = await startServer(peer.port);
  const [, key = ''] = /accesskey=(.+)$/.exec(server.ready.connectionString) ?? [];
  const application = await startApplication(server.ready.httpEndpoint, key);
  let yardstick: ChildProcess | undefined;
  try {
    const { held } = await application.ask('hold', { count: 1, rate: 1 });
    const url = new URL(
      `calling/callConnections/${held[0]}?api-version=${newestApiVersion}`,
      server.ready.httpEndpoint,
    );
    const signed = signRequest({ method: 'GET', url, body: '', key, date: new Date().toUTCString() });
    const lines = Object.entries({ host: url.host, accept: 'application/json', ...signed });
    const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    const body = await (await fetch(url, { headers: signed })).text();
    yardstick = fork(fileURLToPath(import.meta.url), ['bare', body]);
    const [port] = (await once(yardstick, 'message')) as [number];
    const child = yardstick;
    const ours: Round[] = [];
    const theirs: Round[] = [];
    // The first round of each only warms up.
    for (let n = 0; n <= rounds; n++) {
      ours.push(await round(Number(url.port), request, seconds, async () => (await server.probe()).cpuMs));
      theirs.push(await round(port, request, seconds, () => cpuOf(child)));
    }
    const of = (runs: readonly Round[], figure: keyof Round): number =>
      median(runs.slice(1).map((run) => run[figure]));
    const share = of(ours, 'perSecond') / of(theirs, 'perSecond');
    console.table([
      {
        'GET requests/s': Math.round(of(ours, 'perSecond')),
        'bare Fastify': Math.round(of(theirs, 'perSecond')),
        'share of it': rounded(share),
        'CPU µs per request': Math.round(of(ours, 'cpuUs')),
        'bare CPU µs': Math.round(of(theirs, 'cpuUs')),
        'share by CPU': rounded(of(theirs, 'cpuUs') / of(ours, 'cpuUs')),
      },
    ]);
    console.log('Aim: half of the bare route, or better.');
  } finally {
    yardstick?.kill();
    application.stop();
    await server.stop();
    peer.stop();
  }
}

if (process.argv[2] === 'bare') await bare(process.argv[3] ?? '');
else await main(Number(process.argv[2] ?? 2));
