/** The actor of calls: stamps an input, decides, evolves in memory, journals, and lets effects go once that is stored. */
import type { Call } from '../../domain/call/call.ts';
import { type Compat, servedAs } from '../../domain/call/compat.ts';
import { type Decision, decide, isRefusal } from '../../domain/call/decide.ts';
import { type Effect, effects } from '../../domain/call/effects.ts';
import { evolve } from '../../domain/call/evolve.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Input } from '../../domain/call/inputs.ts';
import type { LegEvent, MediaEvent } from '../../domain/call/leg-events.ts';
import type { OperationEvent } from '../../domain/call/operation-events.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import { withoutSecrets } from '../../domain/call/secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory, Ids } from '../ports/directory.ts';
import type { Outbox } from '../ports/outbox.ts';
import {
  type Json,
  type OutboxEntry,
  type RepeatRecord,
  type Store,
  StoreFailed,
  StoreSilent,
} from '../ports/store.ts';
import { entriesFor } from './entries.ts';
import { indexOf, type Owned, Ownership } from './ownership.ts';
import { MediaAnswers, performers, type World } from './performers.ts';
import { refuse } from './refusals.ts';

export interface DeskDependencies extends World {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly directory: Directory;
  readonly outbox: Outbox;
  readonly compat: Compat;
}

/** What came of an input: `stored` settles once its facts are; it rejects when they could not be. */
export interface Accepted {
  readonly call: Call | undefined;
  readonly refused?: Outcome;
  readonly stored: Promise<void>;
}

export interface AcceptOptions {
  /** Journalled as `operation-refused` when the decision is a refusal. */
  readonly operation?: string;
  /** Stored in the same transaction. */
  readonly remember?: (call: Call | undefined, refused: Outcome | undefined) => RepeatRecord | undefined;
  readonly signal?: AbortSignal;
}

/** Wait before an input that the store failed to take is tried again. */
const retryMs = 1000;

const indexed: ReadonlySet<Fact['fact']> = new Set([
  'call-started',
  'connection-opened',
  'leg-opened',
  'offer-opened',
  'call-ended',
]);

/** A leg that came from another call has been counted there. */
const takesNumber = (fact: Fact): fact is Extract<Fact, { fact: 'leg-opened' }> =>
  fact.fact === 'leg-opened' && fact.leg.capped && fact.leg.movedFrom === undefined;

export class CallDesk {
  readonly calls: Ownership;
  readonly #deps: DeskDependencies;
  readonly #answers: MediaAnswers;
  readonly #perform: ReturnType<typeof performers>;

  constructor(deps: DeskDependencies) {
    this.#deps = deps;
    this.calls = new Ownership(deps.store, deps.clock);
    this.#answers = new MediaAnswers(deps.quiet);
    this.#perform = performers(deps, this.#answers);
  }

  /** One synchronous turn; nothing in it awaits. */
  accept(callId: string, input: Input, options: AcceptOptions = {}): Accepted {
    const owned =
      input.input === 'create' || input.input === 'arrive'
        ? this.calls.fresh(callId)
        : this.calls.byId(callId);
    const at = this.#deps.clock.now();
    const before = owned?.call;
    const decision = decide(before, input, at);
    const refused = isRefusal(decision) ? decision.refused : undefined;
    const facts = this.#facts(decision, options.operation, owned, at);
    const { entries, due } = owned ? this.#evolve(owned, facts) : { entries: [], due: [] };
    const call = owned?.call;
    const remember = options.remember?.(call, refused);
    if (refused) this.#deps.records.refused(refused, call?.callId);
    if (!owned || facts.length === 0) {
      return {
        call,
        ...(refused ? { refused } : {}),
        stored: remember ? this.#deps.store.remember(remember) : Promise.resolve(),
      };
    }
    this.calls.arm(callId, owned, () => this.tick(callId));
    const stored = this.#store(callId, owned, facts, entries, remember, options.signal).then(() => {
      this.#deps.outbox.owe(entries);
      for (const fact of facts) this.#deps.records.fact(callId, fact);
      for (const { effect, call: after } of due) this.#do(effect, after);
    });
    return { call, ...(refused ? { refused } : {}), stored };
  }

  /** Inputs that nobody waits for: when the store fails, they are tried again on the reloaded call. */
  tell(callId: string, input: Input): void {
    const again = (): void => {
      const { clock } = this.#deps;
      clock.at(clock.now() + retryMs, `retry ${input.input} of call ${callId}`, () =>
        this.tell(callId, input),
      );
    };
    try {
      this.accept(callId, input).stored.catch(again);
    } catch (error) {
      // A lost call is read again from a store that is still out; anything else is a defect, and no socket may pay for it.
      if (error instanceof StoreFailed || error instanceof StoreSilent) again();
      else this.#deps.records.defect(error, callId);
    }
  }

  tick(callId: string): void {
    this.tell(callId, { input: 'tick' });
  }

  trunk(event: LegEvent): void {
    const call = this.calls.byPart(event.legId)?.call;
    if (call) this.tell(call.callId, { input: 'trunk', event });
  }

  media(event: MediaEvent): void {
    if ('callId' in event) {
      if (this.calls.byId(event.callId)?.call?.end === undefined)
        this.tell(event.callId, { input: 'media', event });
      return;
    }
    const legIds = 'legIds' in event ? event.legIds : [event.legId];
    const callIds = new Set<string>();
    for (const legId of legIds) {
      this.#answers.came(legId);
      const call = this.calls.byPart(legId)?.call;
      if (call) callIds.add(call.callId);
    }
    for (const callId of callIds) this.tell(callId, { input: 'media', event });
  }

  /** News of a media operation; of a call that is over they are nobody's. */
  operation(callId: string, event: OperationEvent): void {
    if (this.calls.byId(callId)?.call?.end === undefined) this.tell(callId, { input: 'operation', event });
  }

  /** Ends what was alive when the last process died. Resolves once that is stored. */
  async restarted(): Promise<number> {
    const callIds = this.#deps.store.alive();
    const endings = callIds.map((callId) => {
      this.calls.load(callId);
      return this.accept(callId, { input: 'restarted' }).stored;
    });
    await Promise.all(endings);
    return callIds.length;
  }

  /** Ends what is alive; resolves once that is stored. */
  async stopping(): Promise<void> {
    await Promise.all(
      this.calls.alive().map((call) => this.accept(call.callId, { input: 'stopping' }).stored),
    );
  }

  #facts(
    decision: Decision,
    operation: string | undefined,
    owned: Owned | undefined,
    at: number,
  ): readonly Fact[] {
    if (!isRefusal(decision)) return decision.map((fact) => servedAs(fact, this.#deps.compat));
    if (!owned?.call || operation === undefined) return [];
    return [{ fact: 'operation-refused', operation, outcome: decision.refused, at }];
  }

  #evolve(
    owned: Owned,
    facts: readonly Fact[],
  ): { entries: OutboxEntry[]; due: { effect: Effect; call: Call }[] } {
    const entries: OutboxEntry[] = [];
    const due: { effect: Effect; call: Call }[] = [];
    for (const [index, fact] of facts.entries()) {
      const before = owned.call;
      const call = evolve(before, fact);
      owned.call = call;
      if (takesNumber(fact)) this.#deps.numberUse.take(fact.leg.ours);
      const context = {
        ids: this.#deps.ids,
        directory: this.#deps.directory,
        call,
        at: fact.at,
        order: (owned.seq + index + 1) * 16,
      };
      for (const effect of effects(fact, call, before)) {
        due.push({ effect, call });
        for (const entry of entriesFor(effect, { ...context, order: context.order + entries.length }))
          entries.push(entry);
      }
    }
    return { entries, due };
  }

  async #store(
    callId: string,
    owned: Owned,
    facts: readonly Fact[],
    entries: readonly OutboxEntry[],
    remember: RepeatRecord | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { store, clock } = this.#deps;
    const fromSeq = owned.seq + 1;
    owned.seq += facts.length;
    const index =
      owned.call && facts.some((fact) => indexed.has(fact.fact)) ? indexOf(owned.call) : undefined;
    if (owned.call && index) this.calls.learn(owned.call);
    try {
      await store.append(
        {
          callId,
          fromSeq,
          at: clock.now(),
          facts: facts.map(withoutSecrets) as unknown as readonly Json[],
          entries,
          ...(index ? { index } : {}),
          ...(remember ? { remember } : {}),
        },
        signal,
      );
    } catch (failure) {
      this.#lose(callId, owned, facts);
      throw failure;
    }
  }

  /** What is in memory is not what is stored: the next use reloads it, or finds that it never began. */
  #lose(callId: string, owned: Owned, facts: readonly Fact[]): void {
    owned.lost = true;
    owned.wake?.();
    for (const fact of facts) {
      if (takesNumber(fact)) this.#deps.numberUse.free(fact.leg.ours);
    }
    if (facts[0]?.fact === 'call-started') this.calls.forget(callId);
  }

  #do(effect: Effect, call: Call): void {
    const perform = this.#perform[effect.effect] as (effect: Effect, call: Call) => void;
    perform(effect, call);
  }
}

/** A store that failed, as the outcome of the request that needed it. */
export function storeOutcome(failure: unknown, at: number, aborted: boolean): Outcome {
  if (aborted)
    return refuse('client-aborted', at, 'the client closed the connection before its request was stored');
  if (failure instanceof StoreSilent) return refuse('store-silent', at, failure.message);
  return refuse('store-failed', at, failure instanceof Error ? failure.message : String(failure));
}
