/** What `/metrics` reads of texts, beside their outcomes. */
import type { CarrierStatus } from '../app/ports/sms-carriers.ts';
import type { SmsStore } from '../app/ports/sms-store.ts';
import type { Metrics } from '../edge/records/metrics.ts';

export interface MeasuredTexts {
  readonly texts: { readonly pending: number };
  readonly sms: Pick<SmsStore, 'queues' | 'countParts'>;
  readonly carriers: () => readonly CarrierStatus[];
}

export function smsGauges(metrics: Metrics, { texts, sms, carriers }: MeasuredTexts): void {
  metrics.gauge(
    'ringback_sms_pending',
    'Texts, or parts of them, that carriers are taking.',
    () => texts.pending,
  );
  metrics.gauge('ringback_sms_queued', 'Texts that wait for carriers, by those that may take them.', () =>
    sms.queues().map(({ queue, length }) => ({ labels: { carriers: queue }, value: length })),
  );
  metrics.gauge('ringback_sms_parts', "Parts of handsets' texts that wait for the others.", () =>
    sms.countParts(),
  );
  metrics.gauge('ringback_sms_carrier_bound', 'Whether a carrier of texts is bound.', () =>
    carriers().map(({ name, bound }) => ({ labels: { carrier: name }, value: Number(bound) })),
  );
}
