/** The calls this process owns: state in memory, journal behind it. A failed append ends the ownership. */
import { type Call, nextWake } from '../../domain/call/call.ts';
import { replay } from '../../domain/call/evolve.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { CallIndex, Store } from '../ports/store.ts';

/** How long an ended call is remembered, so that late operations get a truthful answer (`call-automation.md` §7). */
const rememberMs = 60_000;

export interface Owned {
  call: Call | undefined;
  seq: number;
  wake: Cancel | undefined;
  wakeAt: number | undefined;
  /** The store failed: what is in memory may not be what is stored. */
  lost: boolean;
}

const aliasesOf = (call: Call): readonly string[] => [
  call.serverCallId,
  call.correlationId,
  ...Object.keys(call.connections),
  ...Object.keys(call.legs),
  ...Object.keys(call.offers),
];

export function indexOf(call: Call): CallIndex {
  const caller = Object.values(call.connections).find((connection) => connection.role === 'caller');
  const inbound = Object.values(call.legs).find((leg) => leg.direction === 'inbound');
  const offers = Object.values(call.offers).map((offer) => offer.target.rawId);
  const phones = Object.values(call.legs).filter((leg) => leg.direction === 'outbound');
  return {
    callId: call.callId,
    resourceId: call.resourceId,
    startedAt: call.startedAt,
    from:
      inbound?.party.rawId ??
      (caller?.sourceCallerId ? `4:${caller.sourceCallerId}` : (caller?.source.rawId ?? '')),
    to: [...offers, ...phones.map((leg) => leg.party.rawId)],
    aliases: aliasesOf(call),
    ...(call.end ? { endedAt: call.end.at, row: call.end.outcome.row } : {}),
  };
}

export class Ownership {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #owned = new Map<string, Owned>();
  readonly #callOf = new Map<string, string>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Calls that have not ended, of one resource or of all. */
  alive(resourceId?: string): readonly Call[] {
    const calls: Call[] = [];
    for (const { call } of this.#owned.values()) {
      if (call && !call.end && (resourceId === undefined || call.resourceId === resourceId)) calls.push(call);
    }
    return calls;
  }

  fresh(callId: string): Owned {
    const owned: Owned = { call: undefined, seq: 0, wake: undefined, wakeAt: undefined, lost: false };
    this.#owned.set(callId, owned);
    return owned;
  }

  /** The call in memory; reloaded from its journal when its ownership was lost. */
  byId(callId: string): Owned | undefined {
    const owned = this.#owned.get(callId);
    return owned?.lost ? this.load(callId) : owned;
  }

  /** By connection, leg or offer id. */
  byPart(id: string): Owned | undefined {
    const callId = this.#callOf.get(id);
    return callId === undefined ? undefined : this.byId(callId);
  }

  load(callId: string): Owned | undefined {
    const rows = this.#store.journal(callId);
    const last = rows.at(-1);
    if (!last) {
      this.forget(callId);
      return undefined;
    }
    const owned = this.fresh(callId);
    owned.call = replay(rows.map((row) => row.fact as unknown as Fact));
    owned.seq = last.seq;
    if (owned.call) this.learn(owned.call);
    return owned;
  }

  learn(call: Call): void {
    for (const id of aliasesOf(call)) this.#callOf.set(id, call.callId);
  }

  forget(callId: string): void {
    const owned = this.#owned.get(callId);
    owned?.wake?.();
    this.#owned.delete(callId);
    if (owned?.call) for (const id of aliasesOf(owned.call)) this.#callOf.delete(id);
  }

  clear(): void {
    for (const callId of [...this.#owned.keys()]) this.forget(callId);
  }

  /** Keeps one alarm per call: for what is due next, or for forgetting it once it has ended. */
  arm(callId: string, owned: Owned, tick: () => void): void {
    const { call } = owned;
    if (!call) return;
    const due = call.end ? call.end.at + rememberMs : nextWake(call);
    if (due === owned.wakeAt) return;
    owned.wake?.();
    owned.wakeAt = due;
    owned.wake =
      due === undefined
        ? undefined
        : this.#clock.at(due, call.end ? `forget call ${callId}` : `call ${callId}`, () => {
            owned.wake = undefined;
            owned.wakeAt = undefined;
            if (call.end) this.forget(callId);
            else tick();
          });
  }
}
