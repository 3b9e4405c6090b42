/** For tests: one text and what happens to it. */
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { Fact } from './facts.ts';
import type { Answer, Input, Receipt, Standing } from './inputs.ts';
import type { Particulars, Route, SmsMessage } from './message.ts';

export const noon = Date.UTC(2026, 0, 1, 12);
export const policy = { tries: 3, first: 1000, longest: 1500 };
export const good: Standing = { optedOut: false, entitled: true };
export const acme: Route = { carrier: 'acme', receipts: true, optOutError: '070' };
export const other: Route = { carrier: 'other', receipts: true };

export class TestMessage {
  at = noon;
  state: SmsMessage | undefined;
  readonly facts: Fact[] = [];

  /** Names of the facts that followed. */
  do(input: Input): readonly string[] {
    const facts = decide(this.state, input, this.at, policy);
    for (const fact of facts) {
      this.state = evolve(this.state, fact);
      this.facts.push(fact);
    }
    return facts.map(({ fact }) => fact);
  }

  accept(changes: Partial<Particulars> = {}, standing: Partial<Standing> = {}): this {
    const message: Particulars = {
      id: 'Outgoing_1',
      resourceId: 'dev',
      from: { kind: 'e164', address: '+18005550100' },
      to: '+15005620000',
      acceptedAt: this.at,
      alphabet: 'gsm7',
      parts: 1,
      reference: 7,
      report: true,
      reportDue: this.at + 60_000,
      routes: [acme],
      ...changes,
    };
    this.do({ input: 'accept', message, standing: { ...good, ...standing } });
    return this;
  }

  submit(
    carrier = 'acme',
    more: { readonly room?: number; readonly optedOut?: boolean } = {},
  ): readonly string[] {
    return this.do({ input: 'submit', carrier, room: 10, optedOut: false, ...more });
  }

  answer(answer: Answer, segment = 1, carrier = 'acme'): readonly string[] {
    return this.do({ input: 'answered', segment, carrier, answer });
  }

  taken(segment = 1, carrier = 'acme'): readonly string[] {
    return this.answer({ kind: 'accepted', carrierMessageId: `id-${segment}` }, segment, carrier);
  }

  receipt(state: NonNullable<Receipt['state']> | undefined, error?: string, segment = 1): readonly string[] {
    const receipt = { raw: `stat:${state}`, ...(state ? { state } : {}), ...(error ? { error } : {}) };
    return this.do({ input: 'receipt', segment, carrier: 'acme', receipt });
  }

  /** Row and situation of its end, or the phase it is in. */
  get end(): string {
    if (this.state?.phase !== 'ended') return this.state?.phase ?? 'nothing';
    const { row, situation } = this.state.outcome;
    return `${row} ${situation}`;
  }
}

/** Accepted, and taken by its carrier. */
export function sent(parts = 1, changes: Partial<Particulars> = {}): TestMessage {
  const message = new TestMessage().accept({ parts, ...changes });
  message.submit();
  for (let segment = 1; segment <= parts; segment += 1) message.taken(segment);
  return message;
}
