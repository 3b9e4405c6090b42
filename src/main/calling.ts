/** Calls, put together: audio, trunks and the desk between them. */
import { CallService } from '../app/desks/call-service.ts';
import type { Directory } from '../app/ports/directory.ts';
import { createMediaHost, type MediaHost } from '../edge/media/host.ts';
import type { TlsSettings } from '../edge/sip/api.ts';
import type { Network } from '../edge/sip/network.ts';
import { callCeilings, callLimits } from './call-limits.ts';
import type { Deliveries } from './deliveries.ts';
import type { Foundation } from './foundation.ts';
import type { MediaServices } from './media-services.ts';
import type { Numbers } from './numbers.ts';
import { openTelephony, type Telephony } from './telephony.ts';

export interface CallingParts {
  readonly foundation: Foundation;
  readonly numbers: Pick<Numbers, 'effective'>;
  readonly deliveries: Deliveries;
  readonly services: MediaServices;
  readonly directory: Directory;
  readonly draining: () => boolean;
  /** Of `sip.tls`, read and checked. */
  readonly tls?: TlsSettings;
  /** SIP over this network instead of real sockets. */
  readonly network?: Network;
  /** Audio in this process instead of children of its own. */
  readonly mediaInProcess?: boolean;
}

export interface Calling {
  readonly calls: CallService;
  readonly media: MediaHost;
  readonly telephony: Telephony;
}

export async function openCalling(parts: CallingParts): Promise<Calling> {
  const { numbers, deliveries, services, directory, draining, tls, network, mediaInProcess } = parts;
  const { config, clock, quiet, ids, log, store, rate, numberUse, written, trouble } = parts.foundation;
  const media = createMediaHost({
    blobs: services.blobs,
    streams: services.streams,
    rtpPorts: config.media.rtpPorts,
    address: config.media.address ?? '127.0.0.1',
    processes: config.media.processes,
    heartbeatLimit: config.media.heartbeatLimit,
    ...(mediaInProcess === undefined ? {} : { inProcess: mediaInProcess }),
    onEvent: (event) => {
      if (event.kind === 'recording') services.recordings.told(event.event);
      calls.desk.media(event);
    },
    onNote: (note) => log.line('info', 'media-note', note),
  });
  const telephony = await openTelephony({
    config: numbers.effective(),
    clock,
    quiet,
    trace: written.trace,
    ids,
    trouble: trouble('sip'),
    ...(tls ? { tls } : {}),
    onEvent: (event) => {
      if (event.kind === 'arrived' && draining()) telephony.port.refuse(event.legId, 503);
      else if (event.kind === 'referred' && draining()) telephony.port.notify(event.legId, 503);
      else calls.trunk(event);
    },
    ...(network ? { network } : {}),
  });
  const calls: CallService = new CallService({
    store,
    clock,
    quiet,
    ids,
    rate,
    numberUse,
    records: written.records,
    media: media.port,
    speaking: services.speaking,
    recordings: services.recordings,
    trunk: telephony.port,
    outbox: deliveries.outbox,
    directory,
    clients: telephony.clients,
    ceilings: callCeilings(config),
    compat: config.compat,
    limits: callLimits(config),
    defaultResourceId: config.resources[0]?.id ?? '',
    trunkMedia: (name) =>
      numbers.effective().trunks.some((trunk) => trunk.name === name && trunk.media !== 'none'),
  });
  deliveries.onDelivered((callId, offerId) => calls.desk.tell(callId, { input: 'offer-delivered', offerId }));
  return { calls, media, telephony };
}
