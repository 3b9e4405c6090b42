/** What a sender may, and how much of it: our own reasons not to send a text. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Sender } from '../../domain/sms/addresses.ts';
import type { Standing } from '../../domain/sms/inputs.ts';
import { rateWindowMs, sendRate } from '../../domain/sms/limits.ts';
import type { Route } from '../../domain/sms/message.ts';
import type { RateWindows } from '../ports/limits.ts';

/** Settings of one number. */
export interface SenderPolicy {
  readonly tollFree: boolean;
  readonly entitled: boolean;
  /** As a toll-free number. */
  readonly verified: boolean;
  /** Texts in 24 h; undefined: no bound. */
  readonly perDay?: number;
  /** Texts within the window of the fraud rule; undefined: as the rule has it. */
  readonly volume?: number;
}

export interface SmsPolicy {
  /** `documented`: the limits per 60 s hold. */
  readonly rates: 'documented' | 'none';
  /** Undefined: no rule. */
  readonly fraud: { readonly messages?: number; readonly withinMs: number };
  /** Of a toll-free number that is not verified. */
  readonly unverifiedPerDay: number;
  readonly routes: readonly SmsRouteRule[];
  /** Of numbers that nothing is said about: entitled, verified, without bounds. */
  readonly of: (address: string) => SenderPolicy | undefined;
}

/** In the order in which they are tried. */
export interface SmsRouteRule extends Route {
  readonly senders: readonly Sender['kind'][];
  /** Matches whole numbers. */
  readonly pattern: RegExp;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Each carrier once. */
export function routesFor(rules: readonly SmsRouteRule[], from: Sender, to: string): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const { senders, pattern, carrier, receipts, optOutError } of rules) {
    if (!senders.includes(from.kind) || !pattern.test(to) || routes.has(carrier)) continue;
    routes.set(carrier, { carrier, receipts, ...(optOutError === undefined ? {} : { optOutError }) });
  }
  return [...routes.values()];
}

interface Bound {
  readonly key: string;
  readonly most: number | undefined;
  readonly withinMs: number;
  readonly says: string;
}

export class SenderRules {
  readonly #policy: SmsPolicy;
  readonly #rate: RateWindows;

  constructor(policy: SmsPolicy, rate: RateWindows) {
    this.#policy = policy;
    this.#rate = rate;
  }

  /** Milliseconds until so many texts may be sent; 0: they may, and are counted. */
  throttle(from: Sender, resourceId: string, texts: number, at: Instant): number {
    if (this.#policy.rates === 'none') return 0;
    const { key, limit } = sendRate(from, resourceId);
    const wait = this.#rate.wait(key, limit - texts + 1, rateWindowMs, at);
    if (wait > 0) return wait;
    for (let i = 0; i < texts; i += 1) this.#rate.use(key, limit, rateWindowMs, at);
    return 0;
  }

  /** How the sender stands with one more text, which is counted. */
  standing({ address }: Sender, optedOut: boolean, at: Instant): Standing {
    const { fraud, unverifiedPerDay } = this.#policy;
    const own = this.#policy.of(address) ?? { tollFree: false, entitled: true, verified: true };
    const volume = own.volume ?? fraud.messages;
    const unverified = own.tollFree && !own.verified;
    const hours = fraud.withinMs / 3_600_000;
    const bounds = {
      unverifiedAbove: {
        key: `sms unverified ${address}`,
        most: unverified ? unverifiedPerDay : undefined,
        withinMs: dayMs,
        says: `${address} is toll-free and not verified; such a number may send ${unverifiedPerDay} texts a day (sms.unverifiedPerDay)`,
      },
      volumeAbove: {
        key: `sms volume ${address}`,
        most: volume,
        withinMs: fraud.withinMs,
        says: `${address} sent more than ${volume} texts in ${hours} h, which the rule sms.fraud takes for fraud`,
      },
      quotaAbove: {
        key: `sms quota ${address}`,
        most: own.perDay,
        withinMs: dayMs,
        says: `${address} may send ${own.perDay} texts a day (sms.perDay of the number)`,
      },
    } as const satisfies Record<string, Bound>;
    const above = Object.entries(bounds).flatMap(([name, bound]) =>
      this.#isAbove(bound, at) ? [[name, bound.says] as const] : [],
    );
    return { optedOut, entitled: own.entitled, ...Object.fromEntries(above) };
  }

  #isAbove({ key, most, withinMs }: Bound, at: Instant): boolean {
    if (most === undefined) return false;
    return most === 0 || this.#rate.use(key, most, withinMs, at) > 0;
  }
}
