/** Texts, put together. */

import type { SmsPolicy } from '../app/desks/sms-policy.ts';
import { SmsService } from '../app/desks/sms-service.ts';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { Ids } from '../app/ports/directory.ts';
import type { RateWindows } from '../app/ports/limits.ts';
import type { OwnedNumbers } from '../app/ports/owned-numbers.ts';
import type { CarrierStatus } from '../app/ports/sms-carriers.ts';
import type { Config } from '../config/config.ts';
import { simulatedSmsCarrier } from '../config/development.ts';
import type { SmsCarrierConfig } from '../config/sms-config.ts';
import type { LogLines } from '../edge/records/log-lines.ts';
import type { Metrics } from '../edge/records/metrics.ts';
import type { SmppCarrierSettings } from '../edge/sms/settings.ts';
import type { OpenedStore } from '../edge/store/open-store.ts';
import { present } from '../wire/rest/decoded.ts';
import type { Deliveries } from './deliveries.ts';
import { openSmsCarriers } from './sms-carriers.ts';
import { smsGauges } from './sms-gauges.ts';
import { smsLog } from './sms-log.ts';

export interface SmsParts {
  /** As it stands: numbers may change under a running server. */
  readonly current: () => Config;
  readonly store: OpenedStore;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly ids: Ids;
  readonly rate: RateWindows;
  readonly numbers: OwnedNumbers;
  readonly deliveries: Pick<Deliveries, 'outbox' | 'subscriptions'>;
  readonly log: LogLines;
  readonly metrics: Metrics;
  readonly trouble: (error: unknown) => void;
}

export interface OpenedSms {
  readonly texts: SmsService;
  /** A handset of the simulated SMSC texts one of our numbers; undefined where there is none. */
  readonly handset:
    | ((text: { readonly from: string; readonly to: string; readonly text: string }) => Promise<void>)
    | undefined;
  readonly carriers: () => readonly CarrierStatus[];
  /** Binds to the carriers, and takes up what an earlier process left. */
  start(): Promise<void>;
  /** Hears the answers to what was submitted for up to `withinMs`. 0: drops everything. */
  stop(withinMs: number): Promise<void>;
}

export function openSms(parts: SmsParts): OpenedSms {
  const { current, store, log, metrics, deliveries } = parts;
  const { sms: settings } = current();
  const carriers = openSmsCarriers({
    ...parts,
    carriers: settings.carriers.map(carrierSettings),
    ...(settings.simulated ? { simulated: simulatedSmsCarrier } : {}),
    listener: {
      submitted: (event) => texts.submitted(event),
      delivered: (event) => texts.delivered(event),
      room: () => texts.room(),
    },
  });
  const texts: SmsService = new SmsService({
    ...parts,
    ...smsLog(log, metrics),
    sms: store.sms,
    carriers: carriers.carriers,
    outbox: deliveries.outbox,
    directory: { subscribers: (...query) => deliveries.subscriptions.matching(...query) },
    retries: { tries: settings.tries, first: settings.firstRetry, longest: settings.longestRetry },
    partsWithinMs: settings.partsWithin,
    reportTimeoutMs: settings.reportTimeout,
    replies: present(settings.replies),
    policy: policyOf(current, parts.numbers),
    onTrouble: parts.trouble,
  });
  smsGauges(metrics, { texts, sms: store.sms, carriers: () => carriers.carriers.status() });
  const { smsc } = carriers;
  return {
    texts,
    handset:
      smsc &&
      (async (text) => {
        // A carrier delivers to whomever it likes; whoever plays the handset wants to know that nobody listens.
        const held = parts.numbers.find(text.to);
        if (!held) throw new Error(`${text.to} is no number of this server; ringback numbers lists them`);
        if (!held.takesTexts) throw new Error(`${text.to} takes no texts (capabilities.sms of the number)`);
        await smsc.text(text);
      }),
    carriers: () => carriers.carriers.status(),
    async start() {
      await carriers.start();
      await texts.start();
    },
    async stop(withinMs) {
      texts.stop();
      await carriers.stop(withinMs);
    },
  };
}

function policyOf(current: () => Config, owned: OwnedNumbers): SmsPolicy {
  const { rates, fraud, unverifiedPerDay, routes } = current().sms;
  return {
    rates,
    fraud: { withinMs: fraud.within, ...present({ messages: fraud.messages }) },
    unverifiedPerDay,
    routes: routes.map(({ senders, pattern, carrier, receipts, optOutError }) => ({
      senders,
      pattern,
      carrier,
      receipts: receipts === 'yes',
      ...present({ optOutError }),
    })),
    of: (address) => {
      const found = current().numbers.find(({ number }) => number === address);
      return found && { ...present(found.sms), tollFree: owned.find(address)?.kind === 'tollFree' };
    },
  };
}

function carrierSettings({ tls, submitsPerSecond, ...settings }: SmsCarrierConfig): SmppCarrierSettings {
  return {
    ...settings,
    ...(tls ? { tls: present(tls) } : {}),
    ...present({ submitsPerSecond }),
  };
}
