/**
 * The bare SIP stack: calls per second and CPU time per call, for the calling and the called side.
 * Two endpoints in processes of their own, over UDP on loopback; a call is INVITE/180/200/ACK/BYE/200, without media.
 *
 *     node bench/sip.ts [seconds for each rate, 4 when absent]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Target } from '../src/edge/sip/api.ts';
import { wallClock } from '../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../src/edge/sip/endpoint.ts';

const rates = [100, 400, 1000, 2000, 3000];

const sdp = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

const base = { hosts: ['127.0.0.1'], port: 0, clock: wallClock } as const;

interface Tally {
  readonly cpuMs: number;
  readonly done: number;
  readonly retransmitted: number;
  readonly failed: number;
}

type Order =
  | { readonly run: { readonly target: Target; readonly rate: number; readonly seconds: number } }
  | { readonly tally: true };

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function callee(): Promise<void> {
  let done = 0;
  const endpoint = createSipEndpoint({
    ...base,
    onInvite(call) {
      call.ring();
      call.answer(sdp);
      return { ended: () => done++ };
    },
  });
  const [at] = await endpoint.start();
  let before = { cpu: cpuMs(), done: 0, retransmitted: 0 };
  process.on('message', () => {
    const now = { cpu: cpuMs(), done, retransmitted: endpoint.stats().retransmitted };
    const tally: Tally = {
      cpuMs: now.cpu - before.cpu,
      done: now.done - before.done,
      retransmitted: now.retransmitted - before.retransmitted,
      failed: 0,
    };
    before = now;
    process.send?.(tally);
  });
  process.send?.(at);
}

async function caller(): Promise<void> {
  const endpoint = createSipEndpoint(base);
  await endpoint.start();
  process.on('message', ({ run }: Extract<Order, { run: unknown }>) => {
    place(run.target, run.rate, run.seconds).then((tally) => process.send?.(tally));
  });
  process.send?.('ready');

  async function place(target: Target, rate: number, seconds: number): Promise<Tally> {
    const started = performance.now();
    const cpu = cpuMs();
    const sent = endpoint.stats().retransmitted;
    const total = rate * seconds;
    let placed = 0;
    let done = 0;
    let failed = 0;
    const uri = `sip:+15551234567@127.0.0.1:${target.port}`;
    const one = (): void => {
      const call = endpoint.invite(
        { target, requestUri: uri, to: uri, from: 'sip:+18005550100@127.0.0.1', sdp },
        {
          answered: () => call.bye(),
          ended({ kind }) {
            if (kind === 'bye') done += 1;
            else failed += 1;
          },
        },
      );
    };
    const pace = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate));
      for (; placed < due; placed++) one();
    }, 2);
    const deadline = started + (seconds + 5) * 1000;
    while (done + failed < total && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(pace);
    return {
      cpuMs: cpuMs() - cpu,
      done,
      failed: total - done,
      retransmitted: endpoint.stats().retransmitted - sent,
    };
  }
}

async function ask(child: ChildProcess, order: Order): Promise<Tally> {
  child.send(order);
  const [answer] = await once(child, 'message');
  return answer as Tally;
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 4);
  const file = new URL(import.meta.url).pathname;
  const called = fork(file, ['callee']);
  const [at] = await once(called, 'message');
  const calling = fork(file, ['caller']);
  await once(calling, 'message');
  const target: Target = { ...(at as Target), protocol: 'udp' };
  try {
    await ask(calling, { run: { target, rate: 200, seconds: 2 } });
    await ask(called, { tally: true });
    const rows = [];
    for (const rate of rates) {
      const out = await ask(calling, { run: { target, rate, seconds } });
      const into = await ask(called, { tally: true });
      rows.push({
        'calls/s asked': rate,
        'calls/s done': Math.round(out.done / seconds),
        failed: out.failed,
        'sent again': out.retransmitted + into.retransmitted,
        'µs CPU per call out': Math.round((out.cpuMs * 1000) / Math.max(out.done, 1)),
        'µs CPU per call in': Math.round((into.cpuMs * 1000) / Math.max(into.done, 1)),
      });
    }
    console.table(rows);
  } finally {
    calling.kill();
    called.kill();
  }
}

const role = process.argv[2];
await (role === 'callee' ? callee() : role === 'caller' ? caller() : main());
