/**
 * GET of a call with its signature checked, beside a bare Fastify route that answers the same bytes.
 * The load comes from a process of its own, over keep-alive connections; rounds alternate, the best of each counts.
 * `node bench/http.ts [seconds per round]`
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { Pool } from 'undici';
import { callPath, openDoor, sign } from '../src/edge/http/door.fixture.ts';

interface Round {
  readonly port: number;
  readonly seconds: number;
}

const CONNECTIONS = 32;
const ROUNDS = 3;

async function load({ port, seconds }: Round): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS, pipelining: 1 });
  const { host: _host, ...headers } = sign({ method: 'GET', target: callPath, host: `127.0.0.1:${port}` });
  const ask = async (): Promise<void> => {
    const { statusCode, body } = await pool.request({ method: 'GET', path: callPath, headers });
    await body.dump();
    if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
  };
  const run = async (until: number): Promise<number> => {
    let done = 0;
    const worker = async (): Promise<void> => {
      for (; performance.now() < until; done++) await ask();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    return done;
  };
  await run(performance.now() + 500);
  const from = performance.now();
  const done = await run(from + seconds * 1000);
  const rate = done / ((performance.now() - from) / 1000);
  await pool.close();
  return rate;
}

async function measure(child: ChildProcess, round: Round): Promise<number> {
  child.send(round);
  const [rate] = (await once(child, 'message')) as [number];
  return rate;
}

async function main(seconds: number): Promise<void> {
  const door = openDoor({ log: { request: () => {}, note: () => {}, bug: console.error } });
  const { httpPort } = await door.server.start({ hosts: ['127.0.0.1'], httpPort: 0 });
  const { host: _host, ...headers } = sign({ method: 'GET', target: callPath, host: 'localhost:1' });
  const sample = await door.server.app.inject({
    url: callPath,
    headers: { ...headers, host: 'localhost:1' },
  });

  const bare = fastify();
  bare.get('/*', (_request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send(sample.payload);
  });
  await bare.listen({ host: '127.0.0.1', port: 0 });
  const barePort = (bare.server.address() as AddressInfo).port;

  const child = fork(import.meta.filename, ['load'], { serialization: 'json' });
  const best = { signed: 0, bare: 0 };
  for (let i = 0; i < ROUNDS; i++) {
    best.bare = Math.max(best.bare, await measure(child, { port: barePort, seconds }));
    best.signed = Math.max(best.signed, await measure(child, { port: httpPort!, seconds }));
  }
  child.disconnect();
  await Promise.all([bare.close(), door.server.stop(0)]);

  console.table([
    {
      'GET requests/s': Math.round(best.signed),
      'bare Fastify': Math.round(best.bare),
      'share of it': Number((best.signed / best.bare).toFixed(2)),
    },
  ]);
}

if (process.argv[2] === 'load')
  process.on('message', (round: Round) => void load(round).then((rate) => process.send?.(rate)));
else await main(Number(process.argv[2] ?? 2));
