import { createSocket, type Socket } from 'node:dgram';
import { connect } from 'node:net';
import type { LiveRow } from '../../src/codes/catalogue.ts';
import { signRequest } from '../../src/wire/rest/sign-request.ts';
import type { Application, HttpReply, HttpRequest, Stage } from '../scenario.ts';
import { application } from './application.ts';
import { callOf, logRow } from './call-log.ts';
import { chatter } from './chatter.ts';
import { apiVersion, replyOf, type ServerAddress, send } from './client.ts';
import type { EntraIssuer } from './entra-issuer.ts';
import { Inbox } from './inbox.ts';
import { texter } from './texter.ts';
import { until } from './wait.ts';
import type { Web } from './web.ts';

/** The server that a scenario is played on. */
export interface Theatre {
  address(): ServerAddress;
  /** Access keys, base64: of the application (which may administer) and of another resource. */
  readonly key: string;
  readonly otherKey?: string;
  readonly clock: 'real' | 'manual';
  readonly rtpPorts: readonly [number, number];
  /** Where the settings name it. */
  readonly entra?: Pick<EntraIssuer, 'token'>;
  /** Absent on a server that is not ours to stop. */
  readonly crash?: () => Promise<void>;
  readonly beginStop?: () => Promise<void>;
}

export interface OpenStage extends Stage {
  close(): Promise<void>;
}

const milliseconds = (duration: string): number => {
  const match = /^(\d+)(ms|s|m)$/.exec(duration);
  if (!match) throw new Error(`not a duration: ${duration}`);
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
};

function mustBe2xx(reply: HttpReply, what: string): HttpReply {
  if (reply.status >= 300) throw new Error(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply;
}

/** Writes the head of a signed request and half of its body, then reads what comes. */
function dribble(address: ServerAddress, key: string, path: string): Promise<HttpReply> {
  const url = new URL(`${path}?api-version=${apiVersion}`, address.http);
  const body = '{"targets":[]}';
  const signed = signRequest({ method: 'POST', url, body, key, date: new Date().toUTCString() });
  const head = Object.entries({
    host: url.host,
    'content-type': 'application/json',
    'content-length': body.length,
    ...signed,
  });
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
      const json = text.slice(text.indexOf('\r\n\r\n') + 4);
      const start = json.indexOf('{');
      resolve(
        replyOf('POST', path, status, {}, start < 0 ? '' : json.slice(start, json.lastIndexOf('}') + 1)),
      );
    });
    socket.write(
      `POST ${url.pathname}${url.search} HTTP/1.1\r\n${head.map(([n, v]) => `${n}: ${v}`).join('\r\n')}\r\n\r\n`,
    );
    socket.write(body.slice(0, 5));
  });
}

async function occupy([low, high]: readonly [number, number]): Promise<readonly Socket[]> {
  const ports = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  return Promise.all(
    ports.map((port) => {
      const socket = createSocket('udp4');
      return new Promise<Socket>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, '127.0.0.1', () => resolve(socket));
      });
    }),
  );
}

export async function openStage(theatre: Theatre, web: Web): Promise<OpenStage> {
  const inbox = new Inbox();
  await inbox.start();
  const sockets: Socket[] = [];
  const subscriptions: string[] = [];
  const ask = (request: HttpRequest): Promise<HttpReply> => send(theatre.address(), theatre.key, request);
  const admin = (request: Pick<HttpRequest, 'method' | 'path' | 'body'>): Promise<HttpReply> => ask(request);
  const app = application({ name: 'app', inbox, send: ask, admin });
  const other = (): Application => {
    const key = theatre.otherKey;
    if (key === undefined)
      throw new Error('this server has no second resource: the scenario must set one up');
    return application({
      name: 'other',
      inbox,
      send: (request) => send(theatre.address(), key, request),
      admin,
    });
  };
  const post = async (path: string, body: unknown): Promise<HttpReply> =>
    mustBe2xx(await admin({ method: 'POST', path: `/ringback/v1/${path}`, body }), path);
  const onlyOwn = (part: (() => Promise<void>) | undefined): Promise<void> => {
    if (!part) throw new Error('only a throw-away server can be stopped by a scenario');
    return part();
  };

  const subscribed = async (
    events: readonly string[],
    behaviour: 'takes' | 'refuses',
    forApplication: 'app' | 'other',
  ): Promise<void> => {
    const name = `scenario-${forApplication}-${events[0]?.toLowerCase()}-${Date.now().toString(36)}`;
    subscriptions.push(name);
    const endpoint = inbox.url(`/${forApplication}/${name}`, behaviour);
    await post('subscriptions', { name, endpoint, events });
    await until(`subscription ${name}`, async () => {
      const reply = await admin({ method: 'GET', path: '/ringback/v1/subscriptions' });
      const list = (reply.body as { value: readonly { name: string; state: string; reason?: string }[] })
        .value;
      const found = list.find((candidate) => candidate.name === name);
      return found?.state === 'Succeeded'
        ? { is: undefined }
        : { notYet: `it is ${found?.state}: ${found?.reason}` };
    });
  };

  return {
    app,
    get other() {
      return other();
    },
    subscribe: (behaviour, forApplication = 'app') => subscribed(['IncomingCall'], behaviour, forApplication),
    dial: async ({ from, to, for: duration }) => {
      await post('dial', {
        from,
        to,
        ...(duration === undefined ? {} : { forSeconds: milliseconds(duration) / 1000 }),
      });
    },
    async pass(duration) {
      if (theatre.clock === 'real') {
        await new Promise((resolve) => setTimeout(resolve, milliseconds(duration)));
        return;
      }
      const reply = await post('clock/advance', { duration });
      const { busy } = reply.body as { busy?: readonly string[] };
      if (busy) throw new Error(`the clock could not pass ${duration}: busy with ${busy.join(', ')}`);
    },
    breakPart: async (fault) => {
      await post('faults', { fault });
    },
    mend: async (fault) => {
      mustBe2xx(await admin({ method: 'DELETE', path: `/ringback/v1/faults/${fault}` }), `mend ${fault}`);
    },
    admin,
    crash: () => onlyOwn(theatre.crash),
    beginStop: () => onlyOwn(theatre.beginStop),
    async userToken() {
      const reply = await post('tokens', { user: 'alice', scopes: ['voip'] });
      return (reply.body as { token: string }).token;
    },
    async entraToken(claims, signedWith) {
      if (!theatre.entra) throw new Error('the settings of this scenario name no ENTRA_ISSUER');
      return theatre.entra.token(claims, signedWith);
    },
    async chatter(name, { minutes = 60 } = {}) {
      const reply = await post('tokens', { user: `scenario-${name}`, scopes: ['chat'], minutes });
      return chatter(reply.body as { token: string; user: string }, ask);
    },
    async texter() {
      await subscribed(['SMSDeliveryReportReceived'], 'takes', 'app');
      return texter(inbox, ask);
    },
    handset: async (text) => {
      await post('sms', text);
    },
    loggedOutcome: (row: LiveRow) =>
      until(`an outcome ${row} in /metrics`, async () => {
        const reply = await ask({ method: 'GET', path: '/metrics', credentials: 'none' });
        if (!String(reply.body).includes(`row="${row}"`)) return { notYet: 'it is not there' };
        const [, code, subCode] = row.split('/');
        return {
          is: {
            where: 'metrics',
            code: Number(code),
            ...(subCode === undefined ? {} : { subCode: Number(subCode) }),
          },
        };
      }),
    endpoint: async (behaviour) => inbox.url(`/${behaviour}`, behaviour),
    audio: (file) => `${web.url}/audio/${file}`,
    speechProvider: (manners) => `${web.url}/speech/${manners}`,
    websocket: (manners) => `${web.url.replace('http:', 'ws:')}/websocket/${manners}`,
    async occupyRtpPorts() {
      sockets.push(...(await occupy(theatre.rtpPorts)));
    },
    dribble: (path) => dribble(theatre.address(), theatre.key, path),
    phoneLogRow: async (number) => logRow(admin, await callOf(admin, number), number),
    reached: (call, text) =>
      until(`${text} in the timeline`, async () => {
        const reply = await admin({
          method: 'GET',
          path: `/ringback/v1/calls/${call.connectionId}/timeline`,
        });
        const { entries = [] } = (reply.body ?? {}) as { entries?: readonly { text: string }[] };
        const texts = entries.map((entry) => entry.text);
        return texts.some((line) => text.test(line))
          ? { is: undefined }
          : { notYet: `it has: ${texts.join(' | ')}` };
      }),
    async close() {
      for (const name of theatre.crash ? [] : subscriptions)
        await admin({ method: 'DELETE', path: `/ringback/v1/subscriptions/${name}` });
      for (const socket of sockets) socket.close();
      await inbox.stop();
    },
  };
}
