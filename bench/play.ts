/**
 * How long an application waits, through the whole server: from a play that is accepted to the first packet of it at the
 * phone, and from a key to RecognizeCompleted. Server, media process and bench are processes of their own; the phone is
 * looked at every millisecond, and sound leaves in frames of 20 ms.
 *
 *     node bench/play.ts [times for each figure, 60 when absent]
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeG711 } from '../src/wire/rtp/g711.ts';
import { wavHeader } from '../src/wire/wav/growing-wav.ts';
import { bytesOf } from '../src/wire/wav/wav.ts';
import { type Application, invite, openApplication, phone } from '../test/peers/application.ts';
import { type LinePhone, openPhoneLine } from '../test/peers/phone-line.ts';
import { pause, percentile, rounded } from './figures.ts';
import { numbersOfPeer, startServer } from './server.ts';

const repeats = Number(process.argv[2] ?? 60);
const calls = 4;
const giveUpMs = 5000;

const prompt = (): Buffer => {
  const samples = Int16Array.from(
    { length: 3200 },
    (_, n) => 8000 * Math.cos((2 * Math.PI * 440 * n) / 16_000),
  );
  const bytes = bytesOf(samples);
  return Buffer.concat([wavHeader({ channels: 1, sampleRate: 16_000 }, bytes.length), bytes]);
};

/** Milliseconds from `since` until it is so. */
async function passed(since: number, isSo: () => boolean): Promise<number> {
  while (!isSo()) {
    if (performance.now() - since > giveUpMs) throw new Error(`it did not come within ${giveUpMs} ms`);
    await pause(1);
  }
  return performance.now() - since;
}

const sounds = (payload: Uint8Array): boolean =>
  decodeG711('PCMU', payload).some((sample) => Math.abs(sample) > 1000);

interface InCall {
  readonly id: string;
  readonly number: string;
  readonly far: LinePhone;
}

async function untilHeard(
  app: Application,
  { id, far }: InCall,
  url: string,
  cacheId?: string,
): Promise<number> {
  const media = app.client.getCallConnection(id).getCallMedia();
  const source = {
    kind: 'fileSource',
    url,
    ...(cacheId === undefined ? {} : { playSourceCacheId: cacheId }),
  } as const;
  await media.playToAll([source]);
  const since = performance.now();
  const had = far.payloads().length;
  let looked = had;
  const figure = await passed(since, () => {
    const payloads = far.payloads();
    while (looked < payloads.length) if (sounds(payloads[looked++]!)) return true;
    return false;
  });
  await app.next('PlayCompleted', id);
  return figure;
}

async function untilRecognised(app: Application, { id, number, far }: InCall): Promise<number> {
  const media = app.client.getCallConnection(id).getCallMedia();
  await media.startRecognizing(phone(number), {
    kind: 'callMediaRecognizeDtmfOptions',
    maxTonesToCollect: 1,
  });
  const had = app.events.length;
  const since = performance.now();
  far.rtp.press(far.server, '5');
  const figure = await passed(since, () =>
    app.events.slice(had).some((e) => e.kind === 'RecognizeCompleted' && e.callConnectionId === id),
  );
  await app.next('RecognizeCompleted', id);
  return figure;
}

/** One after the other in each of the calls, which go on side by side. */
async function figuresOf(
  all: readonly InCall[],
  one: (call: InCall) => Promise<number>,
): Promise<readonly number[]> {
  const each = await Promise.all(
    all.map(async (call) => {
      const figures: number[] = [];
      for (let n = 0; n < repeats / calls; n++) figures.push(await one(call));
      return figures;
    }),
  );
  // The first of each finds nothing warm.
  return each.flatMap((figures) => figures.slice(1));
}

const row = (what: string, figures: readonly number[], yardstick: string, bare: readonly number[]) => ({
  what,
  times: figures.length,
  'p50 ms': rounded(percentile(figures, 0.5), 1),
  'p99 ms': rounded(percentile(figures, 0.99), 1),
  yardstick,
  'its p50 ms': rounded(percentile(bare, 0.5), 1),
  'its p99 ms': rounded(percentile(bare, 0.99), 1),
});

/** Milliseconds of a bare request. */
async function bareRequests(url: string, init?: RequestInit): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let n = 0; n < repeats; n++) {
    const since = performance.now();
    await (await fetch(url, init)).arrayBuffer();
    figures.push(performance.now() - since);
  }
  return figures;
}

const file = prompt();
const files = createServer((_request, response) => response.end(file));
await new Promise<void>((listening) => files.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/prompt.wav`;
const line = await openPhoneLine();
const server = await startServer(line.port, 'rtp');
const app = await openApplication({ server: server.ready });
try {
  const all: InCall[] = [];
  for (let n = 0; n < calls; n++) {
    const number = numbersOfPeer(n);
    const { callConnectionProperties } = await app.client.createCall(invite(number), app.callbackUrl);
    const far = await line.answered();
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    all.push({ id, number, far });
  }
  const bareGet = await bareRequests(url);
  const barePost = await bareRequests(url, { method: 'POST', body: '[{}]' });
  const fetched = await figuresOf(all, (call) => untilHeard(app, call, url));
  const cached = await figuresOf(all, (call) => untilHeard(app, call, url, 'prompt'));
  const recognised = await figuresOf(all, (call) => untilRecognised(app, call));
  console.table([
    row('play accepted to first packet, file fetched', fetched, 'a bare GET of the file', bareGet),
    row('the same, file known by its cache id', cached, 'a bare GET of the file', bareGet),
    row('end of a key to RecognizeCompleted', recognised, 'a bare POST', barePost),
  ]);
} finally {
  await app[Symbol.asyncDispose]();
  await server.stop();
  await line[Symbol.asyncDispose]();
  files.close();
}
