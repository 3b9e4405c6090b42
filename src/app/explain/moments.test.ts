import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inCausalOrder, type Moment, moment } from './moments.ts';

const named = (at: number, text: string): Moment => moment(at, { kind: 'state', from: 'a', to: 'a', text });
const texts = (moments: readonly Moment[]): string => moments.map(({ line }) => line?.text).join(' ');

test('earlier instants come first, whatever the stream', () => {
  assert.equal(texts(inCausalOrder([[named(2, 'b')], [named(1, 'a'), named(3, 'c')]])), 'a b c');
});

test('within one instant a moment waits for its cause in another stream', () => {
  const invite = named(5, 'invite');
  const ringing = named(5, 'ringing');
  const opened = named(5, 'opened');
  const rings = named(5, 'rings');
  invite.after.add(opened);
  rings.after.add(ringing);
  assert.equal(
    texts(
      inCausalOrder([
        [opened, rings],
        [invite, ringing],
      ]),
    ),
    'opened invite ringing rings',
  );
});

test('a cause at a later instant does not turn time round', () => {
  const early = named(1, 'early');
  const late = named(2, 'late');
  early.after.add(late);
  assert.equal(texts(inCausalOrder([[late], [early]])), 'early late');
});

test('causes that contradict the order of a stream lose nothing and end', () => {
  const a = named(1, 'a');
  const b = named(1, 'b');
  const c = named(1, 'c');
  a.after.add(c);
  c.after.add(a);
  assert.equal(texts(inCausalOrder([[a, b], [c]])), 'a b c');
});
