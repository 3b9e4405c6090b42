/** Puts the parts together, starts them in order and stops them in reverse. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CallService } from '../app/desks/call-service.ts';
import type { Reloaded } from '../app/ports/administration.ts';
import type { Directory } from '../app/ports/directory.ts';
import type { Config } from '../config/config.ts';
import { ManualClock } from '../edge/clock/manual-clock.ts';
import { QuietWatch } from '../edge/clock/quiet-watch.ts';
import { RealClock } from '../edge/clock/real-clock.ts';
import { createMediaHost } from '../edge/media/host.ts';
import { type LineWriter, LogLines } from '../edge/records/log-lines.ts';
import { Metrics } from '../edge/records/metrics.ts';
import { NumberCounts } from '../edge/records/number-use.ts';
import { SlidingWindows } from '../edge/records/rate-windows.ts';
import type { Network } from '../edge/sip/network.ts';
import { openStore } from '../edge/store/open-store.ts';
import { openAuthority } from '../edge/tls/authority.ts';
import type { ClientBehaviour, ClientEndpoint } from '../simulated/clients/clients.ts';
import { administration } from './administration.ts';
import { callCeilings, callLimits } from './call-limits.ts';
import { openRecords } from './call-records.ts';
import { openChat } from './chat.ts';
import { openDeliveries } from './deliveries.ts';
import { openDoor } from './door.ts';
import { Faults } from './faults.ts';
import { gauges } from './gauges.ts';
import { openIdentity } from './identity.ts';
import { timeOrderedId } from './ids.ts';
import { openMediaServices } from './media-services.ts';
import { messageStories } from './message-stories.ts';
import { numberPlan } from './number-plan.ts';
import { configuredNumbers, withShortCodes } from './owned-numbers.ts';
import { reloading } from './reload.ts';
import { type ReadyLine, refuseSecondServer, removeServerFile, writeServerFile } from './server-file.ts';
import { sipCertificates } from './sip-certificates.ts';
import { openSms } from './sms.ts';
import { openTelephony } from './telephony.ts';
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
const lastDeliveriesMs = 3000;

export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, directory } = options;
  // Before anything is opened that would have to be closed again.
  const sipTls = await sipCertificates(config.sip, Date.now());
  mkdirSync(directory, { recursive: true });
  await refuseSecondServer(directory);
  const quiet = new QuietWatch();
  const clock = config.clock === 'manual' ? new ManualClock(Date.now(), quiet) : new RealClock();
  const log = new LogLines(options.log);
  const trouble = (part: string) => (error: unknown) =>
    log.line('error', 'trouble', {
      part,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });

  const store = openStore({
    file: config.memory ? ':memory:' : join(directory, 'ringback.db'),
    durability: config.durability,
    hold: (what) => quiet.hold(what),
  });
  const metrics = new Metrics();
  const written = openRecords({ config, directory, store, clock, log, metrics, trouble });
  const { records, trace } = written;
  const ids = { next: timeOrderedId };
  const numberUse = new NumberCounts();
  const rate = new SlidingWindows();
  // Numbers, trunks and routes may change while the server runs; everything else is as it was at the start.
  const setting = { config, plan: numberPlan(config) };

  const authority = await openAuthority({
    directory,
    hostNames: config.publicEndpoint === undefined ? [] : [new URL(config.publicEndpoint).hostname],
  });
  const deliveries = await openDeliveries({ config, store, clock, quiet, ids, ca: authority.ca, trouble });
  const grid = {
    subscribers: (...query: Parameters<Directory['subscribers']>) =>
      deliveries.subscriptions.matching(...query),
  };
  const services = await openMediaServices({
    config,
    directory,
    store,
    clock,
    quiet,
    ids,
    deliveries,
    ca: authority.ca,
    grid,
    calls: () => calls,
    trouble,
  });
  const identity = await openIdentity({
    config,
    store,
    clock,
    ids,
    mint: deliveries.signing,
    poster: deliveries.poster,
    trouble: trouble('identity'),
  });
  const chats = openChat({
    config,
    store,
    clock,
    ids,
    rate,
    identities: identity.desk,
    deliveries,
    log,
    trouble: trouble('chat'),
  });
  const sms = openSms({
    current: () => setting.config,
    numbers: withShortCodes(
      configuredNumbers(() => setting.config),
      config,
    ),
    store,
    clock,
    quiet,
    ids,
    rate,
    deliveries,
    log,
    metrics,
    trouble: trouble('sms'),
  });
  const media = createMediaHost({
    blobs: services.blobs,
    streams: services.streams,
    rtpPorts: config.media.rtpPorts,
    address: config.media.address ?? '127.0.0.1',
    processes: config.media.processes,
    heartbeatLimit: config.media.heartbeatLimit,
    ...(options.mediaInProcess === undefined ? {} : { inProcess: options.mediaInProcess }),
    onEvent: (event) => {
      if (event.kind === 'recording') services.recordings.told(event.event);
      calls.desk.media(event);
    },
    onNote: (note) => log.line('info', 'media-note', note),
  });
  const telephony = await openTelephony({
    config,
    clock,
    quiet,
    trace,
    ids,
    trouble: trouble('sip'),
    ...(sipTls ? { tls: sipTls } : {}),
    onEvent: (event) => {
      if (event.kind === 'arrived' && state.draining) telephony.port.refuse(event.legId, 503);
      else if (event.kind === 'referred' && state.draining) telephony.port.notify(event.legId, 503);
      else calls.trunk(event);
    },
    ...(options.network ? { network: options.network } : {}),
  });
  const numbering: Directory = { plan: () => setting.plan, ...grid };
  const calls: CallService = new CallService({
    store,
    clock,
    quiet,
    ids,
    rate,
    numberUse,
    records,
    media: media.port,
    speaking: services.speaking,
    recordings: services.recordings,
    trunk: telephony.port,
    outbox: deliveries.outbox,
    directory: numbering,
    clients: telephony.clients,
    ceilings: callCeilings(config),
    compat: config.compat,
    limits: callLimits(config),
    defaultResourceId: config.resources[0]?.id ?? '',
    trunkMedia: (name) =>
      setting.config.trunks.some((trunk) => trunk.name === name && trunk.media !== 'none'),
  });
  deliveries.onDelivered((callId, offerId) => calls.desk.tell(callId, { input: 'offer-delivered', offerId }));
  const faults = new Faults(store.faults, media);
  const reload = reloading({
    readAgain: () => options.readAgain?.(),
    current: () => setting.config,
    async use(next, changed) {
      await telephony.use(next);
      Object.assign(setting, { config: next, plan: numberPlan(next) });
      log.line('info', 'reloaded', { changed });
    },
  });
  const stories = { ofChat: messageStories(store, chats), ofTexts: textStories(store) };
  const admin = administration({
    current: () => setting.config,
    reload,
    store,
    calls,
    subscriptions: deliveries.subscriptions,
    identities: identity.desk,
    clock,
    numberUse,
    faults,
    trunks: telephony.status,
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
      sms.texts.forget();
      deliveries.forget();
      services.recordings.forget().catch(trouble('recordings'));
    },
  });
  const state = { draining: false, ready: false };
  gauges(metrics, {
    callsAlive: () => calls.desk.calls.alive().length,
    outboxOwed: () => deliveries.outbox.stats().owed,
    mediaLegs: () => media.legCount(),
    trunks: telephony.counts,
  });

  const door = openDoor({
    config,
    authority,
    calls,
    ...services.desks({
      directory: numbering,
      numberUse,
      ids,
      clients: telephony.clients,
      media: media.port,
    }),
    recordingFiles: services.recordings,
    chats,
    texts: sms.texts,
    admin,
    store,
    rate,
    clock,
    quiet,
    records,
    trace,
    log,
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
  /** Drops everything as it is. */
  const drop = async (): Promise<void> => {
    faults.mend();
    // The store first: nothing that follows may be written, as after `kill -9`.
    await store.close();
    await deliveries.stop(0);
    await door.stop(0);
    await sms.stop(0);
    await telephony.stop(0);
    await media.stop();
    await services.stop(0);
    if (clock instanceof RealClock) clock.stop();
  };
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

  let stopping: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    state.draining = true;
    const until = performance.now() + config.drainTimeout;
    while (calls.desk.calls.alive().length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const stop = async (): Promise<void> => {
    await drain();
    faults.mend();
    await calls.desk.stopping().catch(trouble('store'));
    // While the media processes can finish their files and the outbox can tell.
    await services.recordings.stop(lastDeliveriesMs);
    await telephony.stop();
    await sms.stop(lastDeliveriesMs);
    await deliveries.stop(lastDeliveriesMs);
    await door.stop(lastDeliveriesMs);
    await media.stop();
    await services.stop(lastDeliveriesMs);
    if (clock instanceof RealClock) clock.stop();
    await Promise.all([store.close(), written.close()]);
    removeServerFile(directory);
  };
  return {
    ready,
    client: (rawId, does) => telephony.clients.register(rawId, does),
    ca: authority.ca,
    reload,
    drain,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
    crash: drop,
  };
}
