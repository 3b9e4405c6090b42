/** Event subscriptions: kept as documents, validated before anything is delivered. */
import { timingSafeEqual } from 'node:crypto';
import type {
  Administration,
  Subscribed,
  SubscriptionDefinition,
  SubscriptionStatus,
  Validated,
} from '../../app/ports/administration.ts';
import type { Cancel, Clock, Quiet } from '../../app/ports/clock.ts';
import type { Ids } from '../../app/ports/directory.ts';
import type { Json, Store } from '../../app/ports/store.ts';
import { gridTopic } from '../../wire/events/grid-event.ts';
import type { GridTarget } from './grid-recipient.ts';
import { shakeHands } from './handshake.ts';
import type { Poster } from './poster.ts';
import { settingsOf, takes } from './subscription-filter.ts';
import {
  type HandshakeResult,
  manualWindowMs,
  nextState,
  type Patience,
  type Validation,
  type ValidationInput,
  type ValidationState,
  wakeAt,
} from './subscription-state.ts';

export interface SubscriptionsOptions {
  readonly store: Pick<Store, 'documents' | 'putDocument'>;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly ids: Ids;
  /** The resource of that name, or the default one; undefined where there is none. */
  readonly resource: (name?: string) => { readonly id: string; readonly name: string } | undefined;
  /** Where receivers reach us: the plain base URL, else the https one. Asked at each handshake. */
  readonly baseUrl: () => string;
  /** Wall time that an endpoint has for the handshake; Event Grid gives 30 s. */
  readonly handshakeTimeoutMs?: number;
  readonly onTrouble?: (error: unknown) => void;
}

/** What is kept of a subscription. */
interface Kept {
  readonly definition: SubscriptionDefinition;
  readonly patience: Patience;
  readonly status: ValidationState;
  readonly validation?: Validation;
}

interface Live {
  kept: Kept;
  wake?: Cancel;
  running?: Promise<HandshakeResult>;
}

/** Documents that a reset may keep. */
export const subscriptionsCollection = 'subscriptions';

type Served = 'subscriptions' | 'subscribe' | 'unsubscribe' | 'validate' | 'validateManually';

export class Subscriptions implements Pick<Administration, Served> {
  readonly #options: SubscriptionsOptions;
  readonly #live = new Map<string, Live>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Takes up what is stored, then what the configuration says; validates in the background. */
  start(configured: readonly SubscriptionDefinition[] = []): void {
    const names = new Set(configured.map(({ name }) => name));
    for (const { name, value } of this.#options.store.documents(subscriptionsCollection)) {
      const kept = value as unknown as Kept;
      if (names.has(name)) continue;
      if (kept.patience === 'configured') this.#tell(this.#save(name, undefined));
      else this.#take(kept);
    }
    for (const definition of configured) this.#create(definition, 'configured');
    for (const live of this.#live.values()) {
      if (live.kept.status.state === 'Creating') this.#tell(this.#shake(live));
    }
  }

  /** Resolves once the handshakes that are under way have had their answer, or none in time. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#live.values()].map(({ running }) => running));
  }

  stop(): void {
    for (const { wake } of this.#live.values()) wake?.();
    this.#live.clear();
  }

  subscriptions(): readonly SubscriptionStatus[] {
    return [...this.#live.values()].map((live) => this.#statusOf(live));
  }

  /** Resolves after the first handshake: its state says how it went. */
  async subscribe(definition: SubscriptionDefinition): Promise<Subscribed> {
    const known = this.#live.get(definition.name);
    if (known && settingsOf(known.kept.definition) !== settingsOf(definition)) {
      return {
        taken: `The name ${definition.name} belongs to a subscription with other settings. Delete it first, or choose another name.`,
      };
    }
    const live = known ?? this.#create(definition, 'requested');
    if (live.kept.status.state === 'Creating' || live.kept.status.state === 'Failed') await this.#shake(live);
    // What is acknowledged is stored, unless it was deleted meanwhile.
    if (this.#live.get(definition.name) === live)
      await this.#save(definition.name, live.kept as unknown as Json);
    return { subscription: this.#statusOf(live) };
  }

  async unsubscribe(name: string): Promise<boolean> {
    if (!this.#live.has(name)) return false;
    await this.#drop(name);
    return true;
  }

  async validate(name: string): Promise<Validated> {
    const live = this.#live.get(name);
    if (!live) return { unknown: true };
    const answer = await this.#shake(live);
    if (
      live.kept.status.state === 'Succeeded' ||
      answer.result === 'confirmed' ||
      answer.result === 'withheld'
    ) {
      return { subscription: this.#statusOf(live) };
    }
    return answer.result === 'silent' ? { silent: answer.why } : { broken: answer.why };
  }

  async validateManually({ id, t }: Readonly<Record<string, string>>): Promise<boolean> {
    const live = [...this.#live.values()].find(({ kept }) => kept.validation?.id === id);
    const validation = live?.kept.validation;
    if (!live || !validation || !same(validation.token, t ?? '')) return false;
    if (this.#options.clock.now() >= validation.askedAt + manualWindowMs) return false;
    this.#step(live, { input: 'granted', validation });
    return true;
  }

  /** Names of the validated subscriptions of the resource that take this event. */
  matching(resourceId: string, type: string, subject: string): readonly string[] {
    const names: string[] = [];
    for (const [name, { kept }] of this.#live) {
      if (kept.status.state !== 'Succeeded' || !takes(kept.definition, type, subject)) continue;
      if (this.#options.resource(kept.definition.resource)?.id === resourceId) names.push(name);
    }
    return names;
  }

  /** For `gridRecipient`. */
  target(name: string): GridTarget | undefined {
    const kept = this.#live.get(name)?.kept;
    if (!kept) return undefined;
    return {
      definition: kept.definition,
      topic: this.#topic(kept.definition),
      validated: kept.status.state === 'Succeeded',
    };
  }

  #create(definition: SubscriptionDefinition, patience: Patience): Live {
    const since = this.#options.clock.now();
    return this.#take({ definition, patience, status: { state: 'Creating', since } });
  }

  #take(kept: Kept): Live {
    const live: Live = { kept };
    this.#live.set(kept.definition.name, live);
    this.#keep(live);
    this.#arm(live);
    return live;
  }

  /** One handshake at a time for each subscription; who comes during one gets its answer. */
  #shake(live: Live): Promise<HandshakeResult> {
    live.running ??= this.#shakeOnce(live).finally(() => {
      delete live.running;
    });
    return live.running;
  }

  async #shakeOnce(live: Live): Promise<HandshakeResult> {
    const { clock, ids, poster, quiet, resource } = this.#options;
    const { definition, patience, validation: before, status } = live.kept;
    live.wake?.();
    delete live.wake;
    // A slow receiver may still open the URL of the try before.
    const retried = status.state === 'Creating' && before;
    const validation: Validation = {
      id: retried ? before.id : ids.next(),
      token: retried ? before.token : ids.next(),
      askedAt: clock.now(),
    };
    live.kept = { ...live.kept, validation };
    this.#keep(live);
    const release = quiet.hold(`validation of the subscription ${definition.name}`);
    try {
      const answer: HandshakeResult = resource(definition.resource)
        ? await shakeHands(poster, {
            definition,
            validation,
            validationUrl: this.#validationUrl(validation),
            topic: this.#topic(definition),
            timeoutMs: this.#options.handshakeTimeoutMs ?? 30_000,
          })
        : { result: 'broken', why: `There is no resource named ${definition.resource ?? '(default)'}.` };
      this.#step(live, { input: 'answered', validation, answer, patience });
      return answer;
    } finally {
      release();
    }
  }

  #step(live: Live, input: ValidationInput): void {
    const status = nextState(live.kept.status, input, this.#options.clock.now());
    if (this.#live.get(live.kept.definition.name) !== live) return;
    if (status !== live.kept.status) {
      live.kept = { ...live.kept, status };
      this.#keep(live);
    }
    this.#arm(live);
  }

  #arm(live: Live): void {
    live.wake?.();
    delete live.wake;
    const { definition, status } = live.kept;
    const at = wakeAt(status);
    if (at === undefined) return;
    const what = status.state === 'Creating' ? 'next validation' : 'end of the manual validation';
    live.wake = this.#options.clock.at(at, `${what} of the subscription ${definition.name}`, () => {
      if (live.kept.status.state === 'Creating') this.#tell(this.#shake(live));
      else this.#step(live, { input: 'time' });
    });
  }

  #statusOf({ kept: { definition, status, validation } }: Live): SubscriptionStatus {
    const open = status.state === 'AwaitingManualAction' && validation;
    return {
      ...definition,
      state: status.state,
      ...('reason' in status && status.reason !== undefined ? { reason: status.reason } : {}),
      ...(open ? { validationUrl: this.#validationUrl(validation) } : {}),
      since: new Date(status.since).toISOString(),
    };
  }

  #validationUrl({ id, token }: Validation): string {
    const url = new URL('/ringback/v1/subscriptions/validate', this.#options.baseUrl());
    url.search = new URLSearchParams({ id, t: token }).toString();
    return url.href;
  }

  #topic({ resource }: SubscriptionDefinition): string {
    return gridTopic(this.#options.resource(resource)?.name ?? resource ?? 'unknown');
  }

  #drop(name: string): Promise<void> {
    this.#live.get(name)?.wake?.();
    this.#live.delete(name);
    return this.#save(name, undefined);
  }

  #keep({ kept }: Live): void {
    this.#tell(this.#save(kept.definition.name, kept as unknown as Json));
  }

  #save(name: string, value: Json | undefined): Promise<void> {
    return this.#options.store.putDocument(subscriptionsCollection, name, value);
  }

  /** Nobody waits for this; its failure is told to the log. */
  #tell(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#options.onTrouble?.(error));
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
