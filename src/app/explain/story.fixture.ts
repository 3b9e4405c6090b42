/** Calls told by tests: real decisions of the domain, with the traces and deliveries that edges would have left. */
import type { Call, CallHeader } from '../../domain/call/call.ts';
import { decide, isRefusal } from '../../domain/call/decide.ts';
import { effects } from '../../domain/call/effects.ts';
import { evolve } from '../../domain/call/evolve.ts';
import type { Input, NewConnection, Route, Target } from '../../domain/call/inputs.ts';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import { entriesFor } from '../desks/entries.ts';
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryState,
  JournalRow,
  Json,
  OutboxEntry,
} from '../ports/store.ts';
import type { Trace } from '../ports/trace.ts';
import type { CallSources } from './sources.ts';

export const start = Date.UTC(2026, 0, 15, 10, 0, 0);
export const trunk: Route = {
  to: 'trunk',
  trunk: 'simulated',
  media: true,
  capped: false,
  from: '+18005550100',
};

const header: CallHeader = {
  callId: 'call-1',
  resourceId: 'resource-1',
  correlationId: 'correlation-1',
  serverCallId: 'server-call-1',
  group: false,
  limits: {
    ring: 115_000,
    offer: 30_000,
    mediaSetup: 20_000,
    mediaLoss: 120_000,
    mediaAnswer: 2000,
    duration: 108_000_000,
  },
};

export function application(id: string, role: 'caller' | 'callee'): NewConnection {
  return {
    id,
    resourceId: 'resource-1',
    role,
    identity: { kind: 'communicationUser', rawId: `8:acs:resource-1_${id}` },
    callbackUri: `https://app.example.com/${id}/events?secret=1`,
    apiVersion: '2025-05-15',
    targets: [phoneNumber('+15005554860')],
    source: phoneNumber('+18005550100'),
  };
}

export const target = (id: string, number: string, route: Route = trunk): Target => ({
  id,
  identifier: phoneNumber(number),
  route,
});

interface Owed {
  readonly entry: OutboxEntry;
  state: DeliveryState;
  readonly attempts: DeliveryAttempt[];
}

export class Story {
  now = start;
  readonly #journal: JournalRow[] = [];
  readonly #traces: Trace[] = [];
  readonly #owed: Owed[] = [];
  #call: Call | undefined;
  #order = 0;

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  input(input: Input): this {
    const decision = decide(this.#call, input, this.now);
    if (isRefusal(decision)) throw new Error(`refused: ${decision.refused.name}`);
    for (const fact of decision) {
      const before = this.#call;
      this.#call = evolve(this.#call, fact);
      const row = JSON.parse(JSON.stringify(fact)) as Json;
      this.#journal.push({ callId: header.callId, seq: this.#journal.length + 1, at: this.now, fact: row });
      for (const effect of effects(fact, this.#call, before)) this.#owe(effect);
    }
    return this;
  }

  #owe(effect: Parameters<typeof entriesFor>[0]): void {
    if (!this.#call) return;
    this.#order += 1;
    const ids = { next: () => `event-${this.#order}` };
    const directory = {
      subscribers: () => [],
      plan: () => ({ numbers: [], ranges: [], trunks: [], routes: [] }),
    };
    const context = { ids, directory, call: this.#call, at: this.now, order: this.#order };
    for (const entry of entriesFor(effect, context)) this.#owed.push({ entry, state: 'owed', attempts: [] });
  }

  create(targets: readonly Target[] = [target('leg-1', '+15005554860')], group = false): this {
    return this.input({
      input: 'create',
      header: { ...header, group },
      connection: application('app-1', 'caller'),
      targets,
    });
  }

  arrive(subscriptions: readonly string[]): this {
    const to = target('offer-1', '+18005550100', {
      to: 'applications',
      resourceId: 'resource-1',
      subscriptions,
    });
    const from = phoneNumber('+14255550123');
    return this.input({
      input: 'arrive',
      header,
      legId: 'leg-1',
      trunk: 'simulated',
      media: true,
      from,
      headers: [],
      target: to,
    });
  }

  allocated(legId = 'leg-1'): this {
    return this.input({
      input: 'media',
      event: { kind: 'allocated', legId, local: { address: '127.0.0.1', port: 20_000 } },
    });
  }

  ringing(legId = 'leg-1'): this {
    return this.input({
      input: 'trunk',
      event: { kind: 'ringing', legId, sip: { code: 180, message: 'Ringing' } },
    });
  }

  answered(legId = 'leg-1'): this {
    const remote = {
      address: '127.0.0.1',
      port: 40_000,
      codec: 'PCMU',
      payloadType: 0,
      direction: 'sendrecv',
    } as const;
    return this.input({ input: 'trunk', event: { kind: 'answered', legId, remote } });
  }

  final(code: number, message: string, legId = 'leg-1'): this {
    return this.input({
      input: 'trunk',
      event: { kind: 'ended', legId, end: { how: 'final', sip: { code, message } } },
    });
  }

  http(method: string, path: string, status: number): this {
    this.#traces.push({
      kind: 'http',
      callId: header.callId,
      at: this.now,
      method,
      path,
      status,
      requestId: 'request-1',
    });
    return this;
  }

  /** `first` is the first line of the message, `cseq` its CSeq header. */
  sip(
    direction: 'in' | 'out',
    first: string,
    cseq: string,
    more: { legId?: string; callId?: string; repeated?: boolean; lines?: string } = {},
  ): this {
    const { legId = 'leg-1', callId = 'abc', repeated = false, lines = '' } = more;
    const message = `${first}\r\nCall-ID: ${callId}\r\nCSeq: ${cseq}\r\n${lines}\r\n`;
    const peers = { local: '127.0.0.1:5060', remote: '127.0.0.1:5090' } as const;
    this.#traces.push({
      kind: 'sip',
      legId,
      at: this.now,
      direction,
      transport: 'UDP',
      ...peers,
      message,
      repeated,
    });
    return this;
  }

  /** One attempt for the latest owed event of this type. */
  attempt(type: string, attempt: Omit<DeliveryAttempt, 'at' | 'durationMs'>, state: DeliveryState): this {
    const owed = this.#owed.findLast(({ entry }) => (entry.event as { type: string }).type === type);
    if (!owed) throw new Error(`no ${type} is owed`);
    owed.attempts.push({ at: this.now, durationMs: 12, ...attempt });
    owed.state = state;
    return this;
  }

  sources(): CallSources {
    return {
      journal: this.#journal,
      traces: this.#traces,
      deliveries: this.#owed satisfies readonly Delivery[],
    };
  }
}

/** An INVITE that the far end answers with this status, all within one instant of a manual clock. */
export function refusedCall(code: number, message: string): Story {
  const invite = 'INVITE sip:+15005554860@127.0.0.1:5090 SIP/2.0';
  return new Story()
    .http('POST', '/calling/callConnections?api-version=2025-05-15', 201)
    .create()
    .allocated()
    .sip('out', invite, '1 INVITE')
    .sip('in', 'SIP/2.0 100 Trying', '1 INVITE')
    .sip('in', 'SIP/2.0 180 Ringing', '1 INVITE')
    .ringing()
    .sip('in', `SIP/2.0 ${code} ${message}`, '1 INVITE')
    .sip('out', 'ACK sip:+15005554860@127.0.0.1:5090 SIP/2.0', '1 ACK')
    .final(code, message);
}
