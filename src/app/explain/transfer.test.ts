import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import { buildTimeline } from './build-timeline.ts';
import { explain } from './explain.ts';
import { Story, target } from './story.fixture.ts';

const texts = (story: Story): readonly string[] =>
  buildTimeline(story.sources())?.entries.map(({ text }) => text) ?? [];

/** The application is in a call with +15005554860 and has asked to transfer it to +15005552009. */
const transferring = (refers: boolean): Story =>
  new Story()
    .create()
    .allocated()
    .input({ input: 'trunk', event: { kind: 'answered', legId: 'leg-1', refers } })
    .after(1000)
    .input({
      input: 'transfer',
      order: {
        connectionId: 'app-1',
        target: target('leg-2', '+15005552009'),
        headers: [],
        voipHeaders: [],
      },
    });

function assertLines(story: Story, ...lines: readonly string[]): void {
  const all = texts(story);
  for (const line of lines)
    assert.ok(
      all.some((text) => text.startsWith(line)),
      `no "${line}" in\n${all.join('\n')}`,
    );
}

test('a transfer by REFER is told step by step, and as what ended the call for those who left', () => {
  const story = transferring(true);
  for (const [step, code, message] of [
    ['progress', 180, 'Ringing'],
    ['done', 200, 'OK'],
  ] as const) {
    story.input({
      input: 'trunk',
      event: { kind: 'refer', legId: 'leg-1', told: { step, sip: { code, message } } },
    });
  }
  assertLines(
    story,
    '+15005554860 is to be transferred to +15005552009, by REFER',
    'the transfer: 180 Ringing',
    'the transfer succeeded',
    'CallTransferAccepted is owed to',
    '+15005554860 ended: 0/7015 Left through a transfer; we hang up',
  );
  assert.equal(explain(story.sources())?.end?.row, 'call/0/7015');
});

test('a transfer that runs says what it waits for, and one that failed says why', () => {
  const running = transferring(false);
  const live = explain(running.sources())?.live;
  assert.ok(live?.waitingFor.some(({ what }) => what.startsWith('+15005552009 to take the call')));
  running.allocated('leg-2').input({
    input: 'trunk',
    event: { kind: 'ended', legId: 'leg-2', end: { how: 'final', sip: { code: 486, message: 'Busy Here' } } },
  });
  assertLines(running, 'the transfer failed: 486/8539', 'CallTransferFailed is owed to');
});

test('a phone that asks to be replaced, and is refused, stands there as such', () => {
  const story = transferring(true).input({
    input: 'refer',
    legId: 'leg-1',
    target: { ...target('leg-3', '+15005552001'), identifier: phoneNumber('+15005552001') },
    headers: [],
  });
  assertLines(story, 'the REFER of +15005554860 is refused with SIP 491: another transfer is under way');
});
