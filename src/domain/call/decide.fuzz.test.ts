/** Thousands of made-up call histories: whatever happens in whatever order, these hold. */
import { test } from 'node:test';
import { begin, holdsTogether, type Pick, random, someInput } from './histories.fixture.ts';
import type { Input } from './inputs.ts';
import { beginWithMedia, mediaHoldsTogether, someMediaInput } from './media-histories.fixture.ts';
import { participantsHoldTogether, someParticipantInput } from './participant-histories.fixture.ts';
import type { ToldCall } from './told-call.fixture.ts';

interface Histories {
  readonly count: number;
  readonly begin: (pick: Pick) => ToldCall;
  readonly next: (call: ToldCall, pick: Pick, step: number) => Input;
  readonly holds: (call: ToldCall) => void;
  readonly waits: readonly number[];
}

function play({ count, begin, next, holds, waits }: Histories): void {
  for (let seed = 1; seed <= count; seed += 1) {
    const draw = random(seed);
    const pick: Pick = (from) => from[Math.floor(draw() * from.length)] as (typeof from)[number];
    const call = begin(pick);
    const history: string[] = [];
    try {
      holds(call);
      for (let step = 0; step < 35; step += 1) {
        call.now += pick(waits);
        const input = next(call, pick, step);
        history.push(JSON.stringify(input));
        call.tell(input);
        holds(call);
      }
    } catch (error) {
      throw new Error(`history ${seed}:\n${history.join('\n')}`, { cause: error });
    }
  }
}

test('no history of 4,000 breaks what must hold of every call', () => {
  play({ count: 4000, begin, next: someInput, holds: holdsTogether, waits: [0, 1, 1000, 30_000, 200_000] });
});

test('no history of 4,000 with prompts, keys, recordings and streams breaks it, nor what must hold of those', () => {
  play({
    count: 4000,
    begin: beginWithMedia,
    next: (call, pick, step) =>
      pick([true, true, true, true, false]) ? someMediaInput(call, pick, step) : someInput(call, pick, step),
    holds: (call) => {
      holdsTogether(call);
      mediaHoldsTogether(call);
    },
    waits: [0, 1, 500, 1000, 3000],
  });
});

test('no history of 4,000 with people coming and going breaks it, nor what must hold of those', () => {
  play({
    count: 4000,
    begin,
    next: (call, pick, step) =>
      pick([true, false]) ? someParticipantInput(call, pick, step) : someInput(call, pick, step),
    holds: (call) => {
      holdsTogether(call);
      participantsHoldTogether(call);
    },
    waits: [0, 1, 1000, 5000, 30_000],
  });
});
