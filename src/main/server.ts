/** Puts the parts together, starts them in order and stops them in reverse. */
import { join } from 'node:path';
import type { Reloaded } from '../app/ports/administration.ts';
import type { Directory } from '../app/ports/directory.ts';
import type { Config } from '../config/config.ts';
import type { LineWriter } from '../edge/records/log-lines.ts';
import type { Network } from '../edge/sip/network.ts';
import { openAuthority } from '../edge/tls/authority.ts';
import type { ClientBehaviour, ClientEndpoint } from '../simulated/clients/clients.ts';
import { administration } from './administration.ts';
import { openCalling } from './calling.ts';
import { openChat } from './chat.ts';
import { openDeliveries } from './deliveries.ts';
import { openDoor } from './door.ts';
import { Faults } from './faults.ts';
import { layFoundation } from './foundation.ts';
import { gauges } from './gauges.ts';
import { openIdentity } from './identity.ts';
import { openMediaServices } from './media-services.ts';
import { messageStories } from './message-stories.ts';
import { openNumbers } from './numbers.ts';
import { openRealtime } from './realtime.ts';
import { reloading } from './reload.ts';
import { type ReadyLine, writeServerFile } from './server-file.ts';
import { shutdownOf } from './shutdown.ts';
import { sipCertificates } from './sip-certificates.ts';
import { openSms } from './sms.ts';
import { textStories } from './text-stories.ts';

export interface ServerOptions {
  readonly config: Config;
  /** Log lines; absent: none. */
  readonly log?: LineWriter;
  /** SIP over this network instead of real sockets. */
  readonly network?: Network;
  /** Audio in this process instead of children of its own. */
  readonly mediaInProcess?: boolean;
  /** Reads the configuration again; a text says what is wrong with it. Absent: nothing to read it from. */
  readonly readAgain?: () => Config | string;
  /** Directory of certificates, call logs and `server.json`; also used with `memory`. */
  readonly directory: string;
}

export interface Server {
  readonly ready: ReadyLine;
  /** A calling client for the user, inside this process. */
  client(rawId: string, does?: ClientBehaviour): Promise<ClientEndpoint>;
  /** PEM of the local CA. */
  readonly ca: string;
  /** Reads the configuration again (`SIGHUP`). */
  reload(): Promise<Reloaded>;
  /** Refuses new calls; live ones may end by themselves for `drainTimeout`. */
  drain(): Promise<void>;
  /** Drains, ends what is left with its row, delivers what is owed, closes everything. */
  stop(): Promise<void>;
  /** Drops everything without a word, as `kill -9` would. */
  crash(): Promise<void>;
}

const retentionSweepMs = 60 * 60 * 1000;

export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, directory } = options;
  // Before anything is opened that would have to be closed again.
  const sipTls = await sipCertificates(config.sip, Date.now());
  const foundation = await layFoundation(options);
  const { clock, log, trouble, store, metrics, written, numberUse, rate } = foundation;
  const state = { draining: false, ready: false };
  // Numbers, trunks and routes may change while the server runs; everything else is as it was at the start.
  const numbers = openNumbers({ ...foundation, telephony: () => telephony, trouble: trouble('numbers') });

  const authority = await openAuthority({
    directory,
    hostNames: config.publicEndpoint === undefined ? [] : [new URL(config.publicEndpoint).hostname],
  });
  const deliveries = await openDeliveries({ ...foundation, ca: authority.ca });
  const numbering: Directory = {
    plan: () => numbers.plan(),
    subscribers: (...query) => deliveries.subscriptions.matching(...query),
  };
  const services = await openMediaServices({
    ...foundation,
    deliveries,
    ca: authority.ca,
    grid: numbering,
    calls: () => calls,
  });
  const identity = await openIdentity({
    ...foundation,
    mint: deliveries.signing,
    poster: deliveries.poster,
    trouble: trouble('identity'),
  });
  const chats = openChat({
    ...foundation,
    identities: identity.desk,
    deliveries,
    trouble: trouble('chat'),
  });
  const realtime = openRealtime(foundation, { events: chats, identities: identity.desk });
  const sms = openSms({
    ...foundation,
    current: () => numbers.config(),
    numbers: numbers.owned,
    deliveries,
    trouble: trouble('sms'),
  });

  const { network, mediaInProcess } = options;
  const { calls, media, telephony } = await openCalling({
    foundation,
    numbers,
    deliveries,
    services,
    directory: numbering,
    draining: () => state.draining,
    ...(sipTls ? { tls: sipTls } : {}),
    ...(network ? { network } : {}),
    ...(mediaInProcess === undefined ? {} : { mediaInProcess }),
  });
  const faults = new Faults(store.faults, media);
  const reload = reloading({
    readAgain: () => options.readAgain?.(),
    current: () => numbers.config(),
    async use(next, changed) {
      await numbers.use(next);
      log.line('info', 'reloaded', { changed });
    },
  });
  const stories = { ofChat: messageStories(store, chats), ofTexts: textStories(store) };
  const admin = administration({
    ...foundation,
    current: () => numbers.config(),
    reload,
    calls,
    subscriptions: deliveries.subscriptions,
    identities: identity.desk,
    numbers: () => numbers.listed(numberUse),
    faults,
    trunks: () => numbers.trunks(),
    carriers: sms.carriers,
    messages: (id) => [...stories.ofChat(id), ...stories.ofTexts(id)],
    text: sms.handset,
    dial: telephony.dial,
    endpoints: telephony.clients,
    forget: () => {
      numberUse.clear();
      telephony.clients.unregister();
      rate.clear();
      identity.desk.forget();
      chats.forget();
      realtime.sessions.forget();
      numbers.forget();
      sms.texts.forget();
      deliveries.forget();
      services.recordings.forget().catch(trouble('recordings'));
    },
  });
  gauges(metrics, {
    callsAlive: () => calls.desk.calls.alive().length,
    outboxOwed: () => deliveries.outbox.stats().owed,
    mediaLegs: () => media.legCount(),
    devices: () => realtime.sessions.counts(),
    trunks: telephony.counts,
  });

  const door = openDoor({
    ...foundation,
    ...services.desks({
      ...foundation,
      directory: numbering,
      clients: telephony.clients,
      media: media.port,
    }),
    authority,
    calls,
    recordingFiles: services.recordings,
    chats,
    realtime,
    numbers: numbers.desk,
    sipRouting: numbers.sipRouting,
    texts: sms.texts,
    admin,
    records: written.records,
    trace: written.trace,
    signing: deliveries.signing,
    identity,
    metrics: () => metrics.text(),
    draining: () => state.draining,
    health: () => {
      const not = [
        ...(state.ready ? [] : ['starting']),
        ...(state.draining ? ['draining'] : []),
        ...(media.isReady() ? [] : ['media process']),
        ...(faults.list().includes('store-lost') ? ['store'] : []),
      ];
      return { live: true, ready: not.length === 0, not };
    },
  });

  const mediaReady = media.start();
  // Before anybody can call: what is alive now was alive when the last process died.
  const restored = await calls.desk.restarted();
  if (restored > 0) log.line('warn', 'restarted', { calls: restored });
  const { drain, stop, drop } = shutdownOf({
    foundation,
    state,
    faults,
    calls,
    deliveries,
    door,
    realtime,
    sms,
    telephony,
    media,
    services,
  });
  const open = async () => {
    const sip = await telephony.start();
    const address = await door.start();
    deliveries.useBase(address.httpEndpoint);
    await mediaReady;
    return { sip, address };
  };
  // What is open would keep the process alive after a start that failed.
  const { sip, address } = await open().catch(async (failure: unknown) => {
    await drop();
    throw failure;
  });
  deliveries.start();
  // After the subscriptions, which are to hear of what the last process left.
  const listeners = deliveries.subscriptions.settled();
  await services.recordings.start({ endpoint: address.endpoint, listeners });
  chats.start();
  await sms.start();
  state.ready = true;
  const sweep = (): void => {
    written.prune(clock.now() - config.retention).catch(trouble('retention'));
    clock.at(clock.now() + retentionSweepMs, 'retention', sweep);
  };
  sweep();
  const ready: ReadyLine = {
    event: 'ready',
    ...address,
    caFile: authority.caFile ?? join(directory, 'ca.pem'),
    sip,
    rtp: config.media.rtpPorts,
    clock: config.clock,
    pid: process.pid,
  };
  writeServerFile(directory, ready);

  return {
    ready,
    client: (rawId, does) => telephony.clients.register(rawId, does),
    ca: authority.ca,
    reload,
    drain,
    stop,
    crash: drop,
  };
}
