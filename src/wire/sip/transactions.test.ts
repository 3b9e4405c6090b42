/** The four transaction machines on virtual time: every timer of RFC 3261 17 and RFC 6026. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type InviteClient,
  type InviteClientEvent,
  startInviteClient,
  stepInviteClient,
} from './invite-client.ts';
import {
  type InviteServer,
  type InviteServerEvent,
  newInviteServer,
  stepInviteServer,
} from './invite-server.ts';
import type { Response } from './message.ts';
import { parseMessage } from './parse.ts';
import {
  type RequestClient,
  type RequestClientEvent,
  startRequestClient,
  stepRequestClient,
} from './request-client.ts';
import {
  newRequestServer,
  type RequestServer,
  type RequestServerEvent,
  stepRequestServer,
} from './request-server.ts';
import type { LimitTimer, RepeatTimer, Step } from './transaction.ts';

const timing = { t1: 500, t2: 4000, t4: 5000 };

function response(status: number): Response {
  const text = `SIP/2.0 ${status} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n`;
  const parsed = parseMessage(text);
  assert.ok('message' in parsed && parsed.message.kind === 'response');
  return parsed.message;
}

/** Runs a machine; `log` says at which millisecond it did what. */
class Run<State, Event> {
  readonly log: string[] = [];
  now = 0;
  state: State;
  readonly #step: (state: State, event: Event) => Step<State>;
  readonly #armed = new Map<string, { readonly at: number; readonly timer: string }>();

  constructor(state: State, step: (state: State, event: Event) => Step<State>) {
    this.state = state;
    this.#step = step;
  }

  take(step: Step<State>): this {
    this.state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'send')
        this.log.push(`${this.now} ${effect.repeated ? 'again' : 'send'} ${effect.text}`);
      else if (effect.kind === 'deliver') this.log.push(`${this.now} tell ${effect.response.status}`);
      else if (effect.kind === 'failed') this.log.push(`${this.now} ${effect.why}`);
      else if (effect.kind === 'ended') this.log.push(`${this.now} ended`);
      else if (effect.kind === 'disarm') this.#armed.delete(effect.which);
      else {
        const which = effect.kind === 'repeat-after' ? 'repeat' : 'limit';
        this.#armed.set(which, { at: this.now + effect.ms, timer: effect.timer });
      }
    }
    return this;
  }

  feed(event: Event): this {
    return this.take(this.#step(this.state, event));
  }

  /** Lets time pass, firing what falls due. */
  until(ms: number): this {
    for (;;) {
      const [next] = [...this.#armed].sort(([, a], [, b]) => a.at - b.at);
      if (!next || next[1].at > ms) break;
      this.#armed.delete(next[0]);
      this.now = next[1].at;
      this.feed({ kind: 'timer', timer: next[1].timer as RepeatTimer | LimitTimer } as Event);
    }
    this.now = ms;
    return this;
  }
}

const context = (reliable: boolean) => ({ text: 'Q', reliable, timing });

function inviteClient(reliable = false) {
  const run = new Run<InviteClient, InviteClientEvent>({ phase: 'terminated' }, (state, event) =>
    stepInviteClient(state, event, context(reliable)),
  );
  run.take(startInviteClient(context(reliable)));
  return Object.assign(run, {
    hear: (status: number) => run.feed({ kind: 'response', response: response(status), ack: () => 'ACK' }),
  });
}

describe('an INVITE client transaction', () => {
  it('repeats at T1, doubling, and gives up after 64*T1 (timers A and B)', () => {
    const times = inviteClient().until(60_000).log;
    assert.deepEqual(times, [
      ...[
        '0 send Q',
        '500 again Q',
        '1500 again Q',
        '3500 again Q',
        '7500 again Q',
        '15500 again Q',
        '31500 again Q',
      ],
      ...['32000 timeout', '32000 ended'],
    ]);
  });

  it('repeats nothing over TCP, and gives up at the same time', () => {
    assert.deepEqual(inviteClient(true).until(60_000).log, ['0 send Q', '32000 timeout', '32000 ended']);
  });

  it('neither repeats nor gives up once a 1xx is in', () => {
    const run = inviteClient().until(600);
    run.hear(180).until(200_000);
    assert.deepEqual(run.log, ['0 send Q', '500 again Q', '600 tell 180']);
  });

  it('acknowledges a failure, and its repetitions for timer D', () => {
    const run = inviteClient();
    run.hear(486).until(31_000);
    run.hear(486).until(32_000);
    assert.deepEqual(run.log, ['0 send Q', '0 send ACK', '0 tell 486', '31000 again ACK', '32000 ended']);
    assert.deepEqual(run.hear(486).log.length, 5);
  });

  it('ends with the failure at once over TCP', () => {
    const run = inviteClient(true);
    run.hear(486);
    assert.deepEqual(run.log, ['0 send Q', '0 send ACK', '0 tell 486', '0 ended']);
  });

  it('hands every 2xx to its user until timer M (RFC 6026)', () => {
    const run = inviteClient();
    run.hear(200).until(10);
    run.hear(200).until(40_000);
    assert.deepEqual(run.log, ['0 send Q', '0 tell 200', '10 tell 200', '32000 ended']);
  });

  it('tells its user that the transport failed, but not after a final response', () => {
    assert.deepEqual(inviteClient().feed({ kind: 'transport-failed', detail: 'gone' }).log.slice(1), [
      '0 transport',
      '0 ended',
    ]);
    const done = inviteClient();
    done.hear(486).feed({ kind: 'transport-failed', detail: 'gone' });
    assert.deepEqual(done.log.slice(3), ['0 ended']);
  });

  it('can be abandoned after a CANCEL that nobody confirms', () => {
    const run = inviteClient();
    run.hear(180).feed({ kind: 'abandon' });
    assert.deepEqual(run.until(99_999).log, ['0 send Q', '0 tell 180', '0 ended']);
  });
});

function requestClient(reliable = false) {
  const run = new Run<RequestClient, RequestClientEvent>({ phase: 'terminated' }, (state, event) =>
    stepRequestClient(state, event, context(reliable)),
  );
  run.take(startRequestClient(context(reliable)));
  return Object.assign(run, {
    hear: (status: number) => run.feed({ kind: 'response', response: response(status) }),
  });
}

describe('a client transaction of another method', () => {
  it('repeats up to every T2 and gives up after 64*T1 (timers E and F)', () => {
    const repeats = requestClient()
      .until(60_000)
      .log.filter((line) => line.endsWith('again Q'));
    assert.deepEqual(
      repeats.map((line) => Number.parseInt(line, 10)),
      [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
    );
    assert.deepEqual(requestClient().until(60_000).log.slice(-2), ['32000 timeout', '32000 ended']);
  });

  it('goes on repeating every T2 after a 1xx, and still gives up', () => {
    const run = requestClient();
    run.hear(100).until(60_000);
    assert.deepEqual(run.log.slice(0, 4), ['0 send Q', '0 tell 100', '500 again Q', '4500 again Q']);
    assert.deepEqual(run.log.slice(-2), ['32000 timeout', '32000 ended']);
  });

  it('swallows repeated answers for T4 (timer K), and for no time over TCP', () => {
    const run = requestClient();
    run.hear(200).until(4000);
    run.hear(200).until(9000);
    assert.deepEqual(run.log, ['0 send Q', '0 tell 200', '5000 ended']);
    assert.deepEqual(requestClient(true).hear(200).log, ['0 send Q', '0 tell 200', '0 ended']);
  });
});

function inviteServer(reliable = false) {
  return new Run<InviteServer, InviteServerEvent>(newInviteServer, (state, event) =>
    stepInviteServer(state, event, { reliable, timing }),
  );
}

describe('an INVITE server transaction', () => {
  it('repeats its last provisional response to a repeated INVITE', () => {
    const run = inviteServer()
      .feed({ kind: 'request' })
      .feed({ kind: 'reply', status: 180, text: '180' })
      .feed({ kind: 'request' });
    assert.deepEqual(run.log, ['0 send 180', '0 again 180']);
  });

  it('repeats a failure up to every T2 until 64*T1 (timers G and H)', () => {
    const run = inviteServer().feed({ kind: 'reply', status: 486, text: '486' }).until(60_000);
    assert.deepEqual(run.log.slice(0, 6), [
      '0 send 486',
      '500 again 486',
      '1500 again 486',
      '3500 again 486',
      '7500 again 486',
      '11500 again 486',
    ]);
    assert.deepEqual(run.log.slice(-2), ['32000 timeout', '32000 ended']);
  });

  it('stops repeating at the ACK and swallows more of them for T4 (timer I)', () => {
    const run = inviteServer()
      .feed({ kind: 'reply', status: 486, text: '486' })
      .feed({ kind: 'ack' })
      .until(100);
    run.feed({ kind: 'ack' }).feed({ kind: 'request' }).until(9000);
    assert.deepEqual(run.log, ['0 send 486', '5000 ended']);
  });

  it('leaves a 2xx to its user and swallows repeated INVITEs until timer L (RFC 6026)', () => {
    const run = inviteServer()
      .feed({ kind: 'reply', status: 200, text: '200' })
      .until(100)
      .feed({ kind: 'request' })
      .until(40_000);
    assert.deepEqual(run.log, ['0 send 200', '32000 ended']);
  });

  it('takes no second final response', () => {
    const run = inviteServer()
      .feed({ kind: 'reply', status: 200, text: '200' })
      .feed({ kind: 'reply', status: 487, text: '487' });
    assert.deepEqual(run.log, ['0 send 200']);
  });

  it('repeats nothing over TCP', () => {
    const run = inviteServer(true)
      .feed({ kind: 'reply', status: 486, text: '486' })
      .until(100)
      .feed({ kind: 'ack' });
    assert.deepEqual(run.log, ['0 send 486', '100 ended']);
  });
});

describe('a server transaction of another method', () => {
  const server = (reliable = false) =>
    new Run<RequestServer, RequestServerEvent>(newRequestServer, (state, event) =>
      stepRequestServer(state, event, { reliable, timing }),
    );

  it('repeats its response to a repeated request until timer J', () => {
    const run = server()
      .feed({ kind: 'request' })
      .feed({ kind: 'reply', text: '200' })
      .until(31_000)
      .feed({ kind: 'request' })
      .until(40_000);
    assert.deepEqual(run.log, ['0 send 200', '31000 again 200', '32000 ended']);
  });

  it('is over with its response over TCP', () => {
    assert.deepEqual(server(true).feed({ kind: 'reply', text: '200' }).log, ['0 send 200', '0 ended']);
  });
});
