import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { one, seeded } from '../../../test/fuzz/random.ts';
import { evolve } from './evolve.ts';
import type { Input } from './inputs.ts';
import { acme, noon, other, sent, TestMessage } from './message.fixture.ts';
import type { SmsMessage } from './message.ts';

const refused = (status: number) => ({ kind: 'refused', status }) as const;
const lost = { kind: 'lost', why: 'the bind was lost' } as const;

describe('a text is accepted', () => {
  test('and waits for its carrier', () => {
    const message = new TestMessage().accept();
    assert.equal(message.end, 'queued');
    assert.deepEqual(message.submit(), ['segment-submitted']);
    assert.equal(message.end, 'submitting');
    assert.deepEqual(message.taken(), ['segment-taken']);
    assert.equal(message.end, 'sent');
    assert.deepEqual(message.receipt('DELIVRD'), ['receipt-came', 'message-ended']);
    assert.equal(message.end, 'sms/2000 delivered@reporting');
  });

  const held = (standing: object, changes = {}) => new TestMessage().accept(changes, standing).end;
  test('and ends at once when our own policy has something against it', () => {
    assert.equal(held({ volumeAbove: 'x' }), 'sms/4000 volume-above-rule@accepting');
    assert.equal(held({}, { routes: [] }), 'sms/4003 no-route@accepting');
    assert.equal(held({ optedOut: true }), 'sms/4007 opted-out@accepting');
    assert.equal(held({ quotaAbove: 'x' }), 'sms/4008 quota-used-up@accepting');
    assert.equal(held({ entitled: false }), 'sms/4009 not-entitled@accepting');
    assert.equal(held({ unverifiedAbove: 'x' }), 'sms/4010 toll-free-unverified@accepting');
  });

  test('and what its recipient wants goes before everything else', () => {
    const everything = { optedOut: true, entitled: false, quotaAbove: 'x', volumeAbove: 'x' };
    assert.match(held(everything, { routes: [] }), /4007/);
    assert.match(held({ ...everything, optedOut: false }), /4009/);
  });

  test('and is not sent to somebody who opted out while it waited', () => {
    const message = new TestMessage().accept();
    assert.deepEqual(message.submit('acme', { optedOut: true }), ['message-ended']);
    assert.equal(message.end, 'sms/4007 opted-out@submitting');
  });
});

describe('what a carrier answers', () => {
  const answered = (status: number): string => {
    const message = new TestMessage().accept();
    message.submit();
    message.answer(refused(status));
    return message.end;
  };

  test('ends a message where another try would be answered the same', () => {
    for (const status of [0x0a, 0x48, 0x49])
      assert.equal(answered(status), 'sms/4001 sender-malformed@submitting');
    for (const status of [0x0b, 0x50, 0x51])
      assert.equal(answered(status), 'sms/4002 recipient-malformed@submitting');
    for (const status of [0x01, 0x45, 0x400])
      assert.equal(answered(status), 'sms/5000 carrier-refused@submitting');
    for (const status of [0x08, 0x14, 0x58]) assert.equal(answered(status), 'queued');
  });

  const exhausted = (answer: Parameters<TestMessage['answer']>[0]): readonly [string, readonly number[]] => {
    const message = new TestMessage().accept();
    const waits: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      message.submit();
      message.answer(answer);
      if (message.state?.phase === 'queued') waits.push(message.state.dueAt - message.at);
    }
    return [message.end, waits];
  };

  test('is asked again after a while that grows, and no more once the tries are spent', () => {
    assert.deepEqual(exhausted(refused(0x08)), ['sms/5001 carrier-unavailable@submitting', [1000, 1500]]);
    assert.deepEqual(exhausted(refused(0x14)), ['sms/5001 carrier-unavailable@submitting', [1000, 1500]]);
    assert.deepEqual(exhausted(refused(0x58)), ['sms/4020 throttled-throughout@submitting', [1000, 1500]]);
    assert.deepEqual(exhausted(lost), ['sms/5001 bind-lost@submitting', [1000, 1500]]);
  });

  test('leads to the next carrier of the routes once the tries on the first are spent', () => {
    const message = new TestMessage().accept({ routes: [acme, other] });
    for (let tries = 0; tries < 2; tries += 1) {
      message.submit();
      message.answer(lost);
    }
    message.submit();
    assert.deepEqual(message.answer(lost), ['segment-refused', 'carrier-changed']);
    assert.deepEqual(message.state?.phase === 'queued' && message.state.routes, [other]);
    message.submit('other');
    message.taken(1, 'other');
    assert.equal(message.end, 'sent');
  });

  test('is not waited for where the first carrier is down and another is not', () => {
    const message = new TestMessage().accept({ routes: [acme, other] });
    assert.deepEqual(message.submit('other'), ['carrier-changed', 'segment-submitted']);
    message.answer(refused(0x08), 1, 'other');
    assert.deepEqual(message.state?.phase === 'queued' && message.state.routes, [other]);
  });

  test('changes nothing when the message has ended without it', () => {
    const message = new TestMessage().accept();
    message.submit();
    message.at = noon + 60_000;
    assert.deepEqual(message.do({ input: 'tick' }), ['message-ended']);
    assert.deepEqual(message.taken(), ['answer-ignored']);
    assert.equal(message.end, 'sms/5001 never-taken@submitting');
  });

  test('is the end where the route has no receipts', () => {
    assert.equal(
      sent(1, { routes: [{ carrier: 'acme', receipts: false }] }).end,
      'sms/5002 route-without-receipts@reporting',
    );
  });
});

describe('a text of several parts', () => {
  test('goes out as there is room, and in order', () => {
    const message = new TestMessage().accept({ parts: 3 });
    assert.equal(message.submit('acme', { room: 2 }).length, 2);
    message.taken(1);
    assert.equal(message.submit('acme', { room: 9 }).length, 1);
    message.taken(3);
    message.taken(2);
    assert.equal(message.end, 'sent');
  });

  test('has only those parts submitted again that were not taken', () => {
    const message = new TestMessage().accept({ parts: 3 });
    message.submit();
    message.taken(1);
    assert.deepEqual(message.answer(refused(0x58), 2), ['segment-refused'], 'the third is still on its way');
    assert.deepEqual(message.submit(), [], 'nothing follows a part that failed');
    assert.deepEqual(message.taken(3), ['segment-taken', 'retry-planned']);
    assert.equal(message.submit().length, 1);
    message.taken(2);
    assert.equal(message.end, 'sent');
  });

  test('is delivered when all are, and has failed when one has, once each is known', () => {
    const delivered = sent(2);
    delivered.receipt('DELIVRD', undefined, 2);
    assert.equal(delivered.end, 'sent');
    delivered.receipt('DELIVRD', undefined, 1);
    assert.equal(delivered.end, 'sms/2000 delivered@reporting');
    const failed = sent(2);
    failed.receipt('UNDELIV', '001', 2);
    assert.equal(failed.end, 'sent');
    failed.receipt('DELIVRD', undefined, 1);
    assert.equal(failed.end, 'sms/4004 number-unassigned@reporting');
  });

  test('may be told delivered in part before the carrier has all of it', () => {
    const message = new TestMessage().accept({ parts: 2 });
    message.submit();
    message.taken(1);
    message.receipt('DELIVRD', undefined, 1);
    assert.equal(message.end, 'submitting');
    message.taken(2);
    assert.equal(message.end, 'sent');
    message.receipt('DELIVRD', undefined, 2);
    assert.equal(message.end, 'sms/2000 delivered@reporting');
  });
});

describe('receipts', () => {
  const reported = (...receipt: Parameters<TestMessage['receipt']>): string => {
    const message = sent();
    message.receipt(...receipt);
    return message.end;
  };

  test('say how it ended', () => {
    assert.equal(reported('UNDELIV', '001'), 'sms/4004 number-unassigned@reporting');
    assert.equal(reported('REJECTD', '000'), 'sms/4005 carrier-rejected@reporting');
    assert.equal(reported('UNDELIV', '027'), 'sms/4006 handset-unreachable@reporting');
    assert.equal(reported('EXPIRED'), 'sms/4006 validity-expired@reporting');
    assert.equal(reported('UNDELIV', '070'), 'sms/4007 opted-out-at-carrier@reporting');
    assert.equal(reported('UNDELIV', '555'), 'sms/5000 undeliverable@reporting');
    assert.equal(reported('DELETED'), 'sms/5000 deleted-at-carrier@reporting');
    assert.equal(reported('UNKNOWN'), 'sms/9999 state-unknown@reporting');
    assert.equal(reported(undefined), 'sms/9999 receipt-unreadable@reporting');
  });

  test('on the way change nothing', () => {
    const message = sent();
    assert.deepEqual(message.receipt('ENROUTE'), ['receipt-came']);
    message.receipt('ACCEPTD');
    assert.equal(message.end, 'sent');
  });

  test('that come again, late or in the wrong order are kept and change nothing', () => {
    const message = sent();
    message.receipt('DELIVRD');
    for (const state of ['DELIVRD', 'UNDELIV', 'ENROUTE'] as const)
      assert.deepEqual(message.receipt(state), ['receipt-came']);
    assert.equal(message.end, 'sms/2000 delivered@reporting');
    const kept = message.facts.filter((fact) => fact.fact === 'receipt-came' && fact.heed === 'ignored');
    assert.equal(kept.length, 3);
    for (let again = 0; again < 100; again += 1) message.receipt('DELIVRD');
    assert.equal(message.state?.ignored, 20, 'a carrier cannot fill the disk with them');
  });

  test('that do not come in time are not waited for', () => {
    const message = sent();
    message.at = noon + 59_999;
    assert.deepEqual(message.do({ input: 'tick' }), []);
    message.at += 1;
    message.do({ input: 'tick' });
    assert.equal(message.end, 'sms/5002 report-time-out@reporting');
    message.receipt('DELIVRD');
    assert.equal(message.end, 'sms/5002 report-time-out@reporting');
  });

  test('of one part say more than the silence about the others', () => {
    const message = sent(2);
    message.receipt('UNDELIV', '001');
    message.at = noon + 60_000;
    message.do({ input: 'tick' });
    assert.equal(message.end, 'sms/4004 number-unassigned@reporting');
  });
});

test('what was on its way when the process ended is submitted again', () => {
  const message = new TestMessage().accept({ parts: 2 });
  message.submit();
  message.taken(1);
  assert.deepEqual(message.do({ input: 'resume' }), ['message-resumed']);
  assert.deepEqual(message.submit(), ['segment-submitted']);
  message.taken(2);
  assert.equal(message.end, 'sent');
  assert.deepEqual(message.do({ input: 'resume' }), []);
});

test('histories hold together, whatever carriers do', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const next = seeded(seed);
    const message = new TestMessage().accept({
      parts: 1 + next(3),
      routes: next(2) ? [acme, other] : [acme],
    });
    for (let step = 0; step < 40; step += 1) {
      message.at += next(4) === 0 ? next(5000) : 0;
      const [segment, carrier] = [1 + next(3), one(next, ['acme', 'other'])];
      const answers = [
        { kind: 'accepted', carrierMessageId: `${step}` },
        refused(one(next, [0x08, 0x58, 0x0b])),
        lost,
      ] as const;
      const receipt = { raw: '', state: one(next, ['DELIVRD', 'UNDELIV', 'ENROUTE'] as const) } as const;
      const inputs: readonly Input[] = [
        { input: 'submit', carrier, room: next(4), optedOut: next(20) === 0 },
        { input: 'answered', segment, carrier, answer: one(next, answers) },
        { input: 'receipt', segment, carrier, receipt },
        { input: 'resume' },
        { input: 'tick' },
      ];
      const before = message.state;
      message.do(one(next, inputs));
      if (before?.phase === 'ended')
        assert.equal(message.end, `${before.outcome.row} ${before.outcome.situation}`);
    }
    message.at = noon + 120_000;
    message.do({ input: 'tick' });
    assert.match(message.end, /^sms\//, `seed ${seed}: every message ends`);
    assert.equal(message.facts.filter(({ fact }) => fact === 'message-ended').length, 1, `seed ${seed}`);
    let folded: SmsMessage | undefined;
    for (const fact of message.facts) folded = evolve(folded, JSON.parse(JSON.stringify(fact)));
    assert.deepEqual(folded, message.state, `seed ${seed}: the journal folds to the same state`);
  }
});
