/**
 * SMS carriers over SMPP 3.4.
 *
 * ```ts
 * const carriers = createSmppCarriers({ listener, quiet, note, trouble });
 * await carriers.start([settings]); // binding goes on by itself; `listener.room` tells when orders are taken
 * ```
 */
import type { SmsCarriers } from '../../app/ports/sms-carriers.ts';
import { type CarrierWorld, SmppCarrier } from './carrier.ts';
import { readTls } from './dial.ts';
import { defaultTiming, type SmppCarrierSettings } from './settings.ts';

export interface SmppCarriersOptions extends Omit<CarrierWorld, 'timing'> {
  /** Absent: as documented. */
  readonly timing?: Partial<CarrierWorld['timing']>;
}

export interface SmppCarriers extends SmsCarriers {
  /**
   * Reads the files of `tls`, then begins to bind; rejects only where a file cannot be read. Waits for the first attempt
   * to bind to the carriers of these names.
   */
  start(carriers: readonly SmppCarrierSettings[], waitFor?: readonly string[]): Promise<void>;
  /**
   * Unbinds. Orders without an answer `withinMs` later are told as lost; with 0 everything is dropped, and nobody is
   * told anything.
   */
  stop(withinMs: number): Promise<void>;
}

export function createSmppCarriers(options: SmppCarriersOptions): SmppCarriers {
  const world: CarrierWorld = { ...options, timing: { ...defaultTiming, ...options.timing } };
  const open = new Map<string, SmppCarrier>();

  return {
    room: (name) => open.get(name)?.room ?? 0,
    submit(order) {
      const carrier = open.get(order.carrier);
      if (!carrier) throw new Error(`there is no SMS carrier ${order.carrier}`);
      carrier.submit(order);
    },
    status: () => [...open.values()].map(({ status }) => status),
    async start(carriers, waitFor = []) {
      for (const settings of carriers) {
        const material = settings.tls && (await readTls(settings.name, settings.tls));
        open.set(settings.name, new SmppCarrier(settings, material, world));
      }
      const attempts = [...open].map(([name, carrier]) => ({ name, attempt: carrier.start() }));
      await Promise.all(attempts.flatMap(({ name, attempt }) => (waitFor.includes(name) ? [attempt] : [])));
    },
    async stop(withinMs) {
      await Promise.all([...open.values()].map((carrier) => carrier.stop(withinMs)));
    },
  };
}
