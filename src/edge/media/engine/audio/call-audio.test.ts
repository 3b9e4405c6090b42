import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amplitudeAt, sine } from '../../../../wire/audio/signals.fixture.ts';
import { CallAudio } from './call-audio.ts';
import { Talker, tone } from './talker.fixture.ts';
import type { CallFrame, Source } from './voice.ts';

const frames = (audio: CallAudio, count: number): void => {
  for (let n = 0; n < count; n++) audio.frame();
};

/** The amplitude of a tone in the last 200 ms somebody heard. */
const loudness = (talker: Talker, hertz: number): number =>
  amplitudeAt(hertz, 8000, talker.heard.subarray(-1600));

const hears = (talker: Talker, hertz: number, amplitude = 8000): void =>
  assert.ok(
    Math.abs(loudness(talker, hertz) - amplitude) < amplitude * 0.05,
    `${talker.legId} hears ${hertz} Hz at ${loudness(talker, hertz)}`,
  );
const hearsNot = (talker: Talker, hertz: number): void =>
  assert.ok(loudness(talker, hertz) < 40, `${talker.legId} hears ${hertz} Hz at ${loudness(talker, hertz)}`);

/** Says a tone at 16 kHz for so many frames, and then nothing. */
const sounding = (hertz: number, to: Source['to'], count = Number.POSITIVE_INFINITY): Source => {
  let at = 0;
  return {
    to,
    next: (into) => {
      if (at >= count) return false;
      for (let n = 0; n < into.length; n++)
        into[n] = Math.round(8000 * Math.sin((2 * Math.PI * hertz * (at * 320 + n)) / 16_000));
      at++;
      return true;
    },
  };
};

/** The steepest step from one sample to the next, after the first 100 ms. */
const steepest = (samples: Int16Array): number =>
  samples.reduce((most, sample, n) => (n < 800 ? 0 : Math.max(most, Math.abs(sample - samples[n - 1]!))), 0);

function inCall(...talkers: readonly Talker[]): CallAudio {
  const audio = new CallAudio();
  for (const talker of talkers) audio.join(talker);
  return audio;
}

const people = (): [Talker, Talker, Talker] => [
  new Talker('alice', tone(400)),
  new Talker('bob', tone(900)),
  new Talker('carol', tone(1500)),
];

describe('two legs and nothing else', () => {
  test('are passed on to each other, byte by byte', () => {
    const [alice, bob] = people();
    const audio = inCall(alice, bob);
    assert.equal(audio.mode, 'forwarding');
    frames(audio, 20);
    hears(alice, 900);
    hears(bob, 400);
    hearsNot(bob, 900);
    assert.equal(alice.heard.length, 20 * 160);
  });

  test('hear each other’s keys, mixed or not, and not those of somebody muted or on hold', () => {
    const [alice, bob, carol] = people();
    const audio = inCall(alice, bob);
    alice.presses('1');
    audio.addTap({ frame: () => {} });
    alice.presses('2');
    audio.join(alice, { muted: true, held: false });
    alice.presses('3');
    audio.join(alice, { muted: false, held: true });
    alice.presses('4');
    bob.presses('5');
    audio.join(alice);
    audio.join(carol);
    alice.presses('6');
    assert.deepEqual([bob.pressed, alice.pressed], [['1', '2'], []]);
  });

  test('are not listened to while one is alone', () => {
    const [alice, bob] = people();
    const audio = inCall(alice);
    assert.deepEqual([audio.mode, alice.isListenedTo], ['idle', false]);
    audio.join(bob);
    audio.leave('bob');
    assert.deepEqual([audio.mode, alice.isListenedTo, bob.isListenedTo], ['idle', false, false]);
    assert.deepEqual([alice.peer, bob.peer], [undefined, undefined]);
  });

  test('lose nothing when they are mixed and passed on again, in mid-word', () => {
    const said = (at: number) => tone(400)(at);
    const [alice, bob] = [new Talker('alice', said), new Talker('bob')];
    const audio = inCall(alice, bob);
    const recorder = { frame: () => {} };
    frames(audio, 10);
    audio.addTap(recorder);
    frames(audio, 10);
    audio.removeTap(recorder);
    frames(audio, 10);
    // The filters of the conference lag 2 ms behind: the tone goes on without a hole.
    assert.equal(bob.heard.length, 30 * 160);
    for (const at of [5, 15, 25])
      assert.ok(amplitudeAt(400, 8000, bob.heard.subarray(at * 160, (at + 1) * 160)) > 7000);
  });
});

describe('a conference', () => {
  test('lets everybody hear the others and not themselves', () => {
    const [alice, bob, carol] = people();
    const audio = inCall(alice, bob, carol);
    assert.equal(audio.mode, 'mixing');
    frames(audio, 40);
    hears(alice, 900);
    hears(alice, 1500);
    hearsNot(alice, 400);
    hears(bob, 400);
    hearsNot(bob, 900);
    assert.deepEqual(audio.legIds, ['alice', 'bob', 'carol']);
  });

  test('does not let through whoever is muted, and lets them hear', () => {
    const [alice, bob, carol] = people();
    const audio = inCall(alice, bob, carol);
    audio.join(alice, { muted: true, held: false });
    frames(audio, 40);
    hearsNot(bob, 400);
    hears(bob, 1500);
    hears(alice, 900);
    assert.equal(audio.heard('alice'), undefined);
    assert.ok(audio.said('alice'));
  });

  test('leaves whoever is on hold in silence, but for what is played to them alone', () => {
    const [alice, bob, carol] = people();
    const audio = inCall(alice, bob, carol);
    audio.join(alice, { muted: false, held: true });
    audio.addSource(sounding(2500, new Set(['alice'])));
    frames(audio, 40);
    hears(alice, 2500);
    hearsNot(alice, 900);
    hearsNot(bob, 400);
    hearsNot(bob, 2500);
    hears(bob, 1500);
  });

  test('goes on for the others when somebody leaves during a prompt', () => {
    const [alice, bob, carol] = people();
    const audio = inCall(alice, bob, carol);
    const source = sounding(2500, new Set(['alice', 'bob']));
    audio.addSource(source);
    frames(audio, 20);
    audio.leave('alice');
    const then = alice.heard.length;
    frames(audio, 20);
    hears(bob, 2500);
    assert.equal(alice.heard.length, then);
    audio.removeSource(source);
    assert.equal(audio.mode, 'forwarding');
  });

  test('adds up what several prompts say to one, and what all hear', () => {
    const [alice, bob] = [new Talker('alice'), new Talker('bob')];
    const audio = inCall(alice, bob);
    const one = sounding(500, new Set(['alice']));
    for (const source of [one, sounding(1200, new Set(['alice'])), sounding(2500, 'all')])
      audio.addSource(source);
    frames(audio, 40);
    for (const hertz of [500, 1200, 2500]) hears(alice, hertz);
    hearsNot(bob, 500);
    hears(bob, 2500);
    audio.removeSource(one);
    frames(audio, 40);
    hearsNot(alice, 500);
    hears(alice, 1200);
  });

  test('lets a source hear the others without itself', () => {
    const [alice, bob] = people();
    const audio = inCall(alice, bob);
    const bot = sounding(2500, 'all');
    audio.addSource(bot);
    const others = new Int16Array(320);
    const all: number[] = [];
    for (let n = 0; n < 40; n++) {
      audio.frame();
      audio.hearOthers(bot, others);
      all.push(...others);
    }
    const heard = Int16Array.from(all).subarray(-3200);
    assert.ok(amplitudeAt(400, 16_000, heard) > 7000 && amplitudeAt(900, 16_000, heard) > 7000);
    assert.ok(amplitudeAt(2500, 16_000, heard) < 40);
  });

  test('shows a tap everybody, and each for themselves', () => {
    const [alice, bob] = people();
    const audio = inCall(alice, bob, new Talker('silent'));
    const seen: (readonly [mixed: number, alice: boolean, silent: boolean])[] = [];
    audio.addTap({
      frame: ({ mixed, heard }: CallFrame) =>
        seen.push([
          amplitudeAt(400, 16_000, mixed) + amplitudeAt(900, 16_000, mixed),
          audio.heard('alice') !== undefined,
          heard.call(audio, 'silent') !== undefined,
        ]),
    });
    frames(audio, 10);
    assert.equal(seen.length, 10);
    assert.ok(seen[9]![0] > 14_000);
    assert.deepEqual(seen[9]!.slice(1), [true, false]);
  });

  test('does not click when somebody falls silent or begins to speak', () => {
    const steepness = (...tones: readonly number[]): number =>
      tones.reduce((sum, hertz) => sum + (2 * Math.PI * hertz * 4000) / 8000, 0) * 1.2;
    // No whole number of periods in a frame: what is out of place shows.
    const steady = new Talker('steady', tone(437, 4000));
    // In and out at a zero of the tone, every five frames.
    const comesAndGoes = new Talker('other', (at) => (at % 10 < 5 ? tone(100, 4000)(at) : undefined));
    const recorded = inCall(steady, comesAndGoes);
    recorded.addTap({ frame: () => {} });
    frames(recorded, 97);
    assert.ok(steepest(comesAndGoes.heard) < steepness(437), `${steepest(comesAndGoes.heard)}`);
    assert.ok(steepest(steady.heard) < steepness(100), `${steepest(steady.heard)}`);
    hears(comesAndGoes, 437, 4000);
    hearsNot(comesAndGoes, 100);
    const listener = new Talker('listener');
    for (const talker of [steady, comesAndGoes]) talker.forget();
    frames(inCall(listener, steady, comesAndGoes), 97);
    assert.ok(steepest(listener.heard) < steepness(437, 100), `${steepest(listener.heard)}`);
    assert.ok(steepest(comesAndGoes.heard) < steepness(437), `${steepest(comesAndGoes.heard)}`);
  });

  test('holds back what is too loud for whoever is silent as for whoever speaks', () => {
    const listener = new Talker('listener');
    const loud = [300, 500, 700].map((hertz) => new Talker(`${hertz}`, tone(hertz, 28_000)));
    const audio = inCall(listener, ...loud);
    frames(audio, 50);
    assert.ok(listener.heard.every((sample) => Math.abs(sample) <= 32_767));
    for (const hertz of [300, 500, 700]) assert.ok(loudness(listener, hertz) > 6000);
    // Clipped, three tones would leave harmonics.
    assert.ok(loudness(listener, 1700) < 700, `${loudness(listener, 1700)}`);
  });

  test('lets nobody’s ear be hurt who begins to speak among the loud', () => {
    const loud = [310, 530, 710].map((hertz) => new Talker(`${hertz}`, tone(hertz, 28_000)));
    // One after the other, so that some begin where it is loudest.
    const soft = Array.from(
      { length: 20 },
      (_, n) => new Talker(`soft ${n}`, (at) => (at >= 20 + n ? tone(100, 50)(at) : undefined)),
    );
    frames(inCall(...soft, ...loud), 60);
    for (const { legId, heard } of soft) {
      const loudest = heard.reduce((most, sample, n) => (n < 1600 ? 0 : Math.max(most, Math.abs(sample))), 0);
      assert.ok(loudest < 30_500, `${legId} hears ${loudest}`);
    }
  });

  test('of nobody but a prompt lets the prompt come to its end', () => {
    const audio = new CallAudio();
    let asked = 0;
    const source: Source = { to: 'all', next: () => ++asked > 0 };
    audio.addSource(source);
    frames(audio, 3);
    assert.equal(asked, 3);
    assert.equal(audio.isEmpty, false);
    audio.removeSource(source);
    assert.equal(audio.isEmpty, true);
  });
});

test('a tone of the bus reaches a phone unchanged but for its bandwidth', () => {
  const alice = new Talker('alice');
  const audio = inCall(alice);
  const wave = sine(1000, 16_000, 16_000);
  let at = 0;
  audio.addSource({
    to: 'all',
    next: (into) => {
      into.set(wave.subarray(at, at + 320));
      at += 320;
      return true;
    },
  });
  frames(audio, 50);
  hears(alice, 1000, 10_000);
});
