/** The call machines on virtual time: what is repeated when, and what ends when. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallContext, CallEffect, CallStep, CallTimer } from './call.ts';
import { calleeDialog } from './dialog.ts';
import type { Draft } from './format.ts';
import { type InboundEvent, newInboundCall, stepInbound } from './inbound-call.ts';
import type { Request, Response } from './message.ts';
import { newOutboundCall, type OutboundEvent, stepOutbound } from './outbound-call.ts';
import { parseMessage } from './parse.ts';

const context: CallContext = {
  contact: '<sip:us@h>',
  timing: { t1: 500, t2: 4000, t4: 5000 },
  session: { min: 90 },
  chance: 0,
};

const sdp = 'v=0\r\n';

function message(first: string, cseq: string, ...headers: readonly string[]) {
  const text = [
    first,
    ...['Via: SIP/2.0/UDP h;branch=z9hG4bK1', 'From: <sip:a@h>;tag=1', 'Call-ID: x', 'Max-Forwards: 70'],
    ...[`CSeq: ${cseq}`, 'Contact: <sip:them@h>', ...headers, '', ''],
  ].join('\r\n');
  const parsed = parseMessage(text);
  assert.ok('message' in parsed);
  return parsed.message;
}

const request = (method: string, cseq: number, ...headers: readonly string[]): Request => {
  const read = message(`${method} sip:b@h SIP/2.0`, `${cseq} ${method}`, ...headers);
  assert.ok(read.kind === 'request');
  return read;
};

const response = (status: number, cseq: string, ...headers: readonly string[]): Response => {
  const read = message(`SIP/2.0 ${status} X`, cseq, 'To: <sip:b@h>;tag=2', ...headers);
  assert.ok(read.kind === 'response');
  return read;
};

/** Runs a machine; `log` says at which millisecond it did what. */
class Run<State, Event> {
  readonly log: string[] = [];
  now = 0;
  readonly #armed = new Map<CallTimer, number>();
  readonly #step: (state: State, event: Event, context: CallContext) => CallStep<State>;
  #state: State;

  constructor(state: State, step: (state: State, event: Event, context: CallContext) => CallStep<State>) {
    this.#state = state;
    this.#step = step;
  }

  feed(event: Event): this {
    const { state, effects } = this.#step(this.#state, event, context);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    return this;
  }

  #perform(effect: CallEffect): void {
    if (effect.kind === 'arm') this.#armed.set(effect.timer, this.now + effect.ms);
    else if (effect.kind === 'disarm') this.#armed.delete(effect.timer);
    else this.log.push(`${this.now} ${brief(effect)}`);
    if (effect.kind === 'ended') this.#armed.clear();
  }

  until(ms: number): this {
    for (;;) {
      const [next] = [...this.#armed].sort(([, a], [, b]) => a - b);
      if (!next || next[1] > ms) break;
      this.#armed.delete(next[0]);
      this.now = next[1];
      this.feed({ kind: 'timer', timer: next[0] } as Event);
    }
    this.now = ms;
    return this;
  }
}

function brief(effect: CallEffect): string {
  if (effect.kind === 'reply') return String(effect.reply.status);
  if (effect.kind === 'request') return `${effect.draft.method} ${effect.draft.cseq}`;
  return effect.kind === 'ended' ? `ended ${effect.end.kind}` : effect.kind;
}

function inbound(...headers: readonly string[]) {
  const invite = request('INVITE', 1, 'To: <sip:b@h>', ...headers);
  const dialog = calleeDialog(invite, '2');
  assert.ok(dialog);
  return new Run<ReturnType<typeof newInboundCall>, InboundEvent>(
    newInboundCall(invite, dialog),
    stepInbound,
  );
}

function outbound() {
  const invite: Draft = {
    ...{ method: 'INVITE', uri: 'sip:b@h', callId: 'x', cseq: 1, from: '<sip:a@h>;tag=1', to: '<sip:b@h>' },
    ...{ routes: [], headers: [], sdp },
  };
  return new Run<ReturnType<typeof newOutboundCall>, OutboundEvent>(
    newOutboundCall(invite, '1'),
    stepOutbound,
  );
}

describe('a callee', () => {
  it('repeats a reliable response at T1, doubling without bound, and gives up after 64*T1 (RFC 3262 3)', () => {
    const run = inbound('Supported: 100rel').feed({
      ...{ kind: 'progress', status: 180, headers: [], reliable: true },
    });
    assert.deepEqual(run.until(60_000).log, [
      '0 180',
      ...[500, 1500, 3500, 7500, 15_500, 31_500].map((at) => `${at} repeat-progress`),
      ...['32000 504', '32000 ended prack-timeout'],
    ]);
  });

  it('repeats its 200 up to every T2 and hangs up after 64*T1', () => {
    const { log } = inbound().feed({ kind: 'answer', sdp, headers: [] }).until(60_000);
    assert.deepEqual(log.slice(0, 6), [
      '0 200',
      ...[500, 1500, 3500, 7500, 11_500].map((at) => `${at} repeat-answer`),
    ]);
    assert.deepEqual(log.slice(-2), ['32000 BYE 1', '32000 ended ack-timeout']);
  });

  it('gives an unrefreshed session up before its interval ends (RFC 4028 10)', () => {
    const run = inbound('Supported: timer', 'Session-Expires: 1800').feed({
      kind: 'answer',
      sdp,
      headers: [],
    });
    run.feed({ kind: 'ack', request: request('ACK', 1, 'To: <sip:b@h>;tag=2') }).until(9_000_000);
    assert.deepEqual(run.log, ['0 200', '0 acknowledged', '1768000 BYE 1', '1768000 ended expired']);
  });
});

describe('a caller', () => {
  const answered = () =>
    outbound().feed({
      ...{ kind: 'response', response: response(200, '1 INVITE', 'Allow: UPDATE', 'Session-Expires: 1800') },
    });

  it('refreshes at half of the interval, and hangs up when no refresh succeeds', () => {
    const run = answered().until(900_000);
    run.feed({ kind: 'replied', cseq: 2, response: response(200, '2 UPDATE', 'Session-Expires: 1800') });
    run.until(1_800_000).feed({ kind: 'replied', cseq: 3, response: response(500, '3 UPDATE') });
    assert.deepEqual(run.until(9_000_000).log, [
      ...['0 ack', '0 answered', '900000 UPDATE 2', '1800000 UPDATE 3', '1912500 UPDATE 4'],
      ...['2668000 BYE 5', '2668000 ended expired'],
    ]);
  });

  it('comes back 2.1 s after a clash at the earliest, five times at most', () => {
    const run = answered().feed({ kind: 'offer', id: 1, method: 'INVITE', sdp });
    for (let cseq = 2; cseq < 8; cseq++) {
      run.feed({ kind: 'replied', cseq, response: response(491, `${cseq} INVITE`) }).until(run.now + 2100);
    }
    assert.deepEqual(run.log.slice(2), [
      ...['0 INVITE 2', '2100 INVITE 3', '4200 INVITE 4', '6300 INVITE 5', '8400 INVITE 6'],
      '8400 offer-settled',
    ]);
  });
});
