/** The two roles of `bench/sip.ts` for other measures: a peer that answers, and the bare stack that calls it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Target } from '../src/edge/sip/api.ts';

const file = fileURLToPath(new URL('sip.ts', import.meta.url));

export interface Tally {
  readonly cpuMs: number;
  readonly done: number;
  readonly retransmitted: number;
  readonly failed: number;
}

async function ask(child: ChildProcess, order: object): Promise<Tally> {
  child.send(order);
  const [answer] = await once(child, 'message');
  return answer as Tally;
}

export interface Peer {
  readonly port: number;
  /** Since the last time. */
  tally(): Promise<Tally>;
  stop(): void;
}

export async function startPeer(): Promise<Peer> {
  const child = fork(file, ['callee']);
  const [at] = await once(child, 'message');
  return {
    port: (at as Target).port,
    tally: () => ask(child, { tally: true }),
    stop: () => void child.kill(),
  };
}

export interface BareCaller {
  run(rate: number, seconds: number): Promise<Tally>;
  stop(): void;
}

export async function startBareCaller(port: number): Promise<BareCaller> {
  const child = fork(file, ['caller']);
  await once(child, 'message');
  const target: Target = { host: '127.0.0.1', port, protocol: 'udp' };
  return {
    run: (rate, seconds) => ask(child, { run: { target, rate, seconds } }),
    stop: () => void child.kill(),
  };
}
