/**
 * Texts through the whole server, its store on disk: POST /sms, SMPP to a carrier in another process, receipts, delivery
 * report events to a webhook here. Then a hundred thousand texts while the carrier is away. Yardstick: the bare client of
 * the `smpp` package exchanging the same PDUs with the same carrier in the same run.
 *
 *     node bench/sms.ts [texts of a turn, 10000 when absent] [texts that wait, 100000 when absent]
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { signedRequest } from '../src/main/signed-request.ts';
import { signRequest } from '../src/wire/rest/sign-request.ts';
import { bareRate } from './bare-smpp.ts';
import { megabytes, pause, percentile, rounded, times } from './figures.ts';
import { type BenchServer, startServer } from './server.ts';
import { type BenchCarrier, startCarrier } from './sms-carrier.ts';

const texts = Number(process.argv[2] ?? 10_000);
const waiting = Number(process.argv[3] ?? 100_000);
const window = 50;
const perRequest = 10;
const atOnce = 8;
const handsets = 10_000;
const pacedRate = 200;
const pacedSeconds = 5;
const patienceMs = 120_000;

const settings = (port: number): string => `
sms:
  simulated: false
  rates: none
  carriers:
    - { name: bench, host: 127.0.0.1, port: ${port}, systemId: bench, password: bench, window: ${window} }
  routes: [{ pattern: '\\+1555\\d+', carrier: bench }]
`;

const handset = (n: number): string => `+1555${String(1_000_000 + (n % handsets))}`;

/** A webhook that counts reports and says when each came. */
async function openWebhook() {
  const at = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [event] = JSON.parse(Buffer.concat(chunks).toString());
      const code = event.data.validationCode;
      if (code === undefined) at.set(event.id, performance.now());
      response.end(code === undefined ? '' : JSON.stringify({ validationResponse: code }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { at, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

class Service {
  readonly #pool: Pool;
  readonly #url: URL;
  readonly #key: string;
  #sent = 0;

  constructor({ httpEndpoint, connectionString }: BenchServer['ready']) {
    this.#url = new URL('/sms?api-version=2026-01-23', httpEndpoint);
    this.#pool = new Pool(this.#url.origin, { connections: atOnce });
    this.#key = connectionString.split('accesskey=')[1] ?? '';
  }

  /** Ids of texts to the next handsets. */
  async send(count: number, report: boolean): Promise<readonly string[]> {
    const number = Math.floor(this.#sent / handsets);
    const smsRecipients = Array.from({ length: count }, (_, i) => ({ to: handset(this.#sent + i) }));
    this.#sent += count;
    const message = `${number} Your appointment is tomorrow at 10:30. Reply STOP to opt out.`;
    const asked = { from: '+18005550100', smsRecipients, message };
    const body = JSON.stringify({ ...asked, smsSendOptions: { enableDeliveryReport: report } });
    const date = new Date().toUTCString();
    const headers = signRequest({ method: 'POST', url: this.#url, body, key: this.#key, date });
    const path = `${this.#url.pathname}${this.#url.search}`;
    const json = { ...headers, 'content-type': 'application/json' };
    const reply = await this.#pool.request({ method: 'POST', path, body, headers: json });
    const { value } = (await reply.body.json()) as { value: readonly { messageId?: string }[] };
    return value.map(({ messageId }) => {
      if (messageId === undefined) throw new Error(`not accepted: ${JSON.stringify(value)}`);
      return messageId;
    });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

async function until(what: string, done: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what} did not come within ${patienceMs / 1000} s`);
    await pause(5);
  }
}

type Webhook = Awaited<ReturnType<typeof openWebhook>>;

interface Flood {
  readonly accepted: number;
  readonly reported: number;
  readonly cpuMs: number;
}

/** As fast as it goes: texts accepted a second, and reports at the webhook a second. */
async function flood(service: Service, webhook: Webhook, server: BenchServer, count: number): Promise<Flood> {
  const before = await server.probe();
  const began = performance.now();
  const ids: string[] = [];
  let asked = 0;
  const worker = async (): Promise<void> => {
    while (asked < count) {
      asked += perRequest;
      ids.push(...(await service.send(perRequest, true)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const accepted = count / ((performance.now() - began) / 1000);
  await until('the reports', () => ids.every((id) => webhook.at.has(id)));
  const last = Math.max(...ids.map((id) => webhook.at.get(id) ?? 0));
  const { cpuMs } = await server.probe();
  return { accepted, reported: count / ((last - began) / 1000), cpuMs: (cpuMs - before.cpuMs) / count };
}

/** At a steady rate: milliseconds from sending the request to having the report. */
async function paced(service: Service, webhook: Webhook): Promise<readonly number[]> {
  const sent = new Map<string, number>();
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let n = 0; n < pacedRate * pacedSeconds; n += 1) {
    const due = began + (n * 1000) / pacedRate;
    if (due > performance.now()) await pause(due - performance.now());
    const at = performance.now();
    all.push(service.send(1, true).then(([id = '']) => void sent.set(id, at)));
  }
  await Promise.all(all);
  await until('the reports', () => [...sent.keys()].every((id) => webhook.at.has(id)));
  return [...sent].map(([id, at]) => (webhook.at.get(id) ?? 0) - at);
}

async function backlog(service: Service, server: BenchServer, carrier: BenchCarrier): Promise<void> {
  const { taken: before, outOfOrder: wrong } = await carrier.tell('leave');
  const idle = await server.probe(true);
  const began = performance.now();
  for (let n = 0; n < waiting; n += 100 * atOnce)
    await Promise.all(Array.from({ length: atOnce }, () => service.send(100, false)));
  const queued = performance.now();
  const full = await server.probe(true);
  await carrier.tell('return');
  let peak = full.rss;
  let first: number | undefined;
  let tally = await carrier.tell('tally');
  await until('the texts that waited', async () => {
    tally = await carrier.tell('tally');
    if (tally.taken > before) first ??= performance.now();
    peak = Math.max(peak, (await server.probe()).rss);
    await pause(100);
    return tally.taken - before >= waiting;
  });
  const drained = (performance.now() - (first ?? queued)) / 1000;
  console.table([
    {
      'texts waiting': waiting,
      'accepted/s meanwhile': Math.round(waiting / ((queued - began) / 1000)),
      'heap MB before': megabytes(idle.heap),
      'heap MB with all waiting': megabytes(full.heap),
      'most resident MB': megabytes(peak),
      'sent/s afterwards': Math.round(waiting / drained),
      lost: waiting - (tally.taken - before),
      'out of order': tally.outOfOrder - wrong,
    },
  ]);
}

const carrier = await startCarrier();
const webhook = await openWebhook();
const server = await startServer(9, 'none', settings(carrier.port));
const service = new Service(server.ready);
try {
  const subscription = { name: 'bench', endpoint: webhook.url, events: ['SMSDeliveryReportReceived'] };
  await signedRequest(server.ready, 'POST', 'subscriptions', subscription);
  // Code that is still being compiled costs more.
  await flood(service, webhook, server, 2000);
  await bareRate(carrier.port, 2000, window);
  const own = await flood(service, webhook, server, texts);
  const bare = await bareRate(carrier.port, texts, window);
  console.table([
    {
      'accepted/s': Math.round(own.accepted),
      'submitted, reported, told/s': Math.round(own.reported),
      'bare smpp client/s': Math.round(bare),
      'bare of ours': times(bare, own.reported),
      'CPU ms per text': rounded(own.cpuMs),
    },
  ]);
  const latencies = await paced(service, webhook);
  console.table([
    {
      'texts/s': pacedRate,
      'request to report event p50 ms': rounded(percentile(latencies, 0.5), 1),
      'p99 ms': rounded(percentile(latencies, 0.99), 1),
    },
  ]);
  await backlog(service, server, carrier);
  console.log('The store is on disk. Aim: 1,000 submits and 1,000 receipts a second, none lost.');
} finally {
  await service.close();
  webhook.server.closeAllConnections();
  webhook.server.close();
  await server.stop();
  carrier.stop();
}
