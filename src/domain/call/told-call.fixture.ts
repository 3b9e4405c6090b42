/** For tests: a call told input by input on a virtual instant, with everything it owes collected. */
import { communicationUser, type Identifier, phoneNumber } from '../ids/identifier.ts';
import type { Call, CallLimits } from './call.ts';
import { decide, isRefusal } from './decide.ts';
import { type Effect, effects } from './effects.ts';
import { evolve } from './evolve.ts';
import type { Fact } from './facts.ts';
import type { Input, NewConnection, Route, Target } from './inputs.ts';
import type { LegEnd, RemoteMedia } from './leg-events.ts';
import type { Outcome } from './outcome.ts';

export const limits: CallLimits = {
  ring: 115_000,
  offer: 120_000,
  mediaSetup: 20_000,
  mediaLoss: 120_000,
  mediaAnswer: 5_000,
  duration: 108_000_000,
};

export const overTrunk: Route = {
  to: 'trunk',
  trunk: 'carrier',
  media: true,
  capped: false,
  from: '+18005550100',
};

export const remote: RemoteMedia = {
  address: '127.0.0.1',
  port: 40000,
  codec: 'PCMU',
  payloadType: 0,
  direction: 'sendrecv',
};

export class ToldCall {
  now = 1_000_000;
  call: Call | undefined;
  readonly facts: Fact[] = [];
  readonly effects: Effect[] = [];
  refused: Outcome | undefined;

  tell(input: Input): this {
    const decision = decide(this.call, input, this.now);
    this.refused = isRefusal(decision) ? decision.refused : undefined;
    for (const fact of isRefusal(decision) ? [] : decision) {
      const before = this.call;
      this.call = evolve(before, fact);
      this.facts.push(fact);
      this.effects.push(...effects(fact, this.call, before));
    }
    return this;
  }

  later(ms: number): this {
    this.now += ms;
    return this.tell({ input: 'tick' });
  }

  ended(legId: string, end: LegEnd): this {
    return this.tell({ input: 'trunk', event: { kind: 'ended', legId, end } });
  }

  /** From media to answer of a leg. */
  answered(legId: string): this {
    this.allocated(legId);
    return this.tell({ input: 'trunk', event: { kind: 'answered', legId, remote } });
  }

  allocated(legId: string): this {
    const local = { address: '127.0.0.1', port: 20000 };
    return this.tell({ input: 'media', event: { kind: 'allocated', legId, local } });
  }

  /** Row of the end of a connection or leg. */
  row(id: string): string | undefined {
    const part = this.call?.connections[id]?.at ?? this.call?.legs[id]?.at;
    return part?.phase === 'ended' ? part.outcome.row : undefined;
  }

  /** Callback event types in the order in which they are owed, of one connection or all. */
  callbacks(connectionId?: string): readonly string[] {
    return this.effects.flatMap((e) =>
      e.effect === 'callback' && (connectionId ?? e.connectionId) === e.connectionId ? [e.event.type] : [],
    );
  }

  did(kind: Effect['effect']): boolean {
    return this.effects.some((e) => e.effect === kind);
  }
}

const header = (group: boolean) => ({
  callId: 'call',
  resourceId: 'res',
  correlationId: 'correlation',
  serverCallId: 'server-call',
  group,
  limits,
});

export function connection(id: string, role: 'caller' | 'callee', answeredFor?: Identifier): NewConnection {
  const identity = communicationUser(`8:acs:res_${id}`);
  return {
    id,
    resourceId: 'res',
    role,
    identity,
    callbackUri: 'https://app.example/events',
    apiVersion: '2026-03-12',
    targets: [],
    source: identity,
    ...(answeredFor ? { answeredFor } : {}),
  };
}

export const target = (id: string, route: Route = overTrunk, number = '+15005552000'): Target => ({
  id,
  identifier: phoneNumber(number),
  route,
});

export const create = (...targets: Target[]): Input => ({
  input: 'create',
  header: header(targets.length > 1),
  connection: connection('app', 'caller'),
  targets,
});

/** An application calls these targets. */
export function created(...targets: Target[]): ToldCall {
  return new ToldCall().tell(create(...targets));
}

/** A phone dials our number. */
export function arrived(
  route: Route = { to: 'applications', resourceId: 'res', subscriptions: ['sub'] },
  refers = false,
): ToldCall {
  const from = phoneNumber('+15551230000');
  const input: Input = {
    input: 'arrive',
    header: header(false),
    legId: 'phone',
    trunk: 'carrier',
    media: true,
    from,
    headers: [],
    remote,
    refers,
    target: { id: 'offer', identifier: phoneNumber('+18005550100'), route },
  };
  return new ToldCall().tell(input);
}

export const answer = (
  id = 'app',
  offerId = 'offer',
  answeredFor: Identifier = phoneNumber('+18005550100'),
): Input => ({
  input: 'answer',
  offerId,
  connection: connection(id, 'callee', answeredFor),
});
