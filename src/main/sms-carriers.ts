/** The SMS carriers and the simulated SMSC, put together. */
import { randomBytes } from 'node:crypto';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { CarriersListener, SmsCarriers } from '../app/ports/sms-carriers.ts';
import type { LogLines } from '../edge/records/log-lines.ts';
import type { CarrierNote } from '../edge/sms/carrier.ts';
import { createSmppCarriers } from '../edge/sms/carriers.ts';
import type { CarrierTiming, SmppCarrierSettings } from '../edge/sms/settings.ts';
import { createSimulatedSmsc, type SimulatedSmsc } from '../simulated/smsc/smsc.ts';

export interface SmsCarriersParts {
  readonly carriers: readonly SmppCarrierSettings[];
  /** The name under which the simulated SMSC is one of the carriers; absent: there is none. */
  readonly simulated?: string;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly listener: CarriersListener;
  readonly log: Pick<LogLines, 'line'>;
  readonly trouble: (error: unknown) => void;
  readonly timing?: Partial<CarrierTiming>;
}

export interface OpenedSmsCarriers {
  readonly carriers: SmsCarriers;
  readonly smsc?: SimulatedSmsc;
  /**
   * Begins to bind; the simulated SMSC is bound when it resolves. Rejects with an error that names the key where a file
   * of `tls` cannot be read.
   */
  start(): Promise<void>;
  /** 0: drops everything, and the listener hears nothing more. */
  stop(withinMs: number): Promise<void>;
}

const logged = {
  bound: 'info',
  unbound: 'warn',
  misdeed: 'warn',
} as const satisfies Record<CarrierNote['note'], string>;

export function openSmsCarriers(parts: SmsCarriersParts): OpenedSmsCarriers {
  const { listener, quiet, clock, log, trouble, simulated, timing } = parts;
  const carriers = createSmppCarriers({
    listener,
    quiet,
    trouble,
    note: (carrier, { note, ...values }) =>
      log.line(logged[note], 'sms-carrier', { carrier, state: note, ...values }),
    ...(timing === undefined ? {} : { timing }),
  });
  const access = { systemId: 'ringback', password: randomBytes(4).toString('hex') };
  const smsc =
    simulated === undefined ? undefined : createSimulatedSmsc({ clock, quiet, trouble, ...access });
  const ofSimulated = async (): Promise<readonly SmppCarrierSettings[]> => {
    if (!smsc || simulated === undefined) return [];
    const at = await smsc.start();
    return [{ ...simulatedSettings, ...access, ...at, name: simulated }];
  };
  return {
    carriers,
    ...(smsc ? { smsc } : {}),
    start: async () =>
      carriers.start(
        [...parts.carriers, ...(await ofSimulated())],
        simulated === undefined ? [] : [simulated],
      ),
    async stop(withinMs) {
      await carriers.stop(withinMs);
      await smsc?.stop();
    },
  };
}

const simulatedSettings = {
  systemType: '',
  bind: 'transceiver',
  window: 50,
  enquireLink: 30_000,
  answerWithin: 10_000,
} as const satisfies Partial<SmppCarrierSettings>;
