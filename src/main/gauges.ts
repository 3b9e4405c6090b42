/** What `/metrics` reads of the running parts, beside the outcomes and times that the records count. */
import type { Metrics, Sample } from '../edge/records/metrics.ts';
import type { TrunkStatus, TrunksStatus } from '../edge/trunk/trunk.ts';

export interface Measured {
  readonly callsAlive: () => number;
  readonly outboxOwed: () => number;
  readonly mediaLegs: () => number;
  readonly devices: () => { readonly sessions: number; readonly attached: number };
  readonly trunks: () => TrunksStatus;
}

export function gauges(
  metrics: Metrics,
  { callsAlive, outboxOwed, mediaLegs, devices, trunks }: Measured,
): void {
  metrics.gauge('ringback_calls_alive', 'Calls that have not ended.', callsAlive);
  metrics.gauge('ringback_outbox_owed', 'Events not yet delivered or given up.', outboxOwed);
  metrics.gauge('ringback_media_legs', 'Legs with audio.', mediaLegs);
  metrics.gauge(
    'ringback_realtime_sessions',
    'Devices with a session of real-time notifications.',
    () => devices().sessions,
  );
  metrics.gauge(
    'ringback_realtime_connections',
    'Those of them that are connected.',
    () => devices().attached,
  );

  const perTrunk = (of: (trunk: TrunkStatus) => number | undefined) => (): readonly Sample[] =>
    trunks().trunks.flatMap((trunk) => {
      const value = of(trunk);
      return value === undefined ? [] : [{ labels: { trunk: trunk.name }, value }];
    });
  metrics.gauge(
    'ringback_trunk_up',
    'Whether the last OPTIONS to a trunk was answered, and not with 503; absent before the first.',
    perTrunk(({ state }) => (state === 'unknown' ? undefined : Number(state === 'up'))),
  );
  metrics.gauge(
    'ringback_trunk_registered',
    'Whether a trunk that wants to be registered with has accepted that.',
    perTrunk(({ registered }) => (registered === undefined ? undefined : Number(registered))),
  );
  metrics.gauge(
    'ringback_trunk_calls',
    'Legs alive on a trunk.',
    perTrunk(({ legs }) => legs),
  );

  const sip = (read: (status: TrunksStatus) => number | readonly Sample[]) => () => read(trunks());
  metrics.gauge(
    'ringback_sip_refused_sources_total',
    'SIP requests from addresses of no trunk, and TLS clients refused in the handshake.',
    sip(({ refusedSources }) => refusedSources),
    'counter',
  );
  metrics.gauge(
    'ringback_sip_unusable_offers_total',
    'Calls that came in and were refused with 488.',
    sip(({ unusableOffers }) => unusableOffers),
    'counter',
  );
  metrics.gauge(
    'ringback_sip_transactions',
    'SIP transactions alive.',
    sip((status) => [
      { labels: { side: 'client' }, value: status.sip.clientTransactions },
      { labels: { side: 'server' }, value: status.sip.serverTransactions },
    ]),
  );
  metrics.gauge(
    'ringback_sip_connections',
    'TCP and TLS connections open.',
    sip((status) => status.sip.connections),
  );
  metrics.gauge(
    'ringback_sip_messages_total',
    'SIP messages; retransmitted ones count as sent too, malformed and dropped ones as received.',
    sip(({ sip: { received, sent, retransmitted, malformed, dropped } }) =>
      Object.entries({ received, sent, retransmitted, malformed, dropped }).map(([what, value]) => ({
        labels: { what },
        value,
      })),
    ),
    'counter',
  );

  metrics.gauge('process_resident_memory_bytes', 'Resident memory of the API process.', () =>
    process.memoryUsage.rss(),
  );
  metrics.gauge(
    'process_cpu_seconds_total',
    'CPU of the API process.',
    () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    'counter',
  );
}
