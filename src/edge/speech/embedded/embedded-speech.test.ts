import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Speech, SpeechFailure, SynthesisRequest } from '../../../app/ports/speech.ts';
import { levelOf } from '../../../wire/audio/level.ts';
import { resampled } from '../../../wire/audio/resample.ts';
import { decodeG711, encodeG711 } from '../../../wire/rtp/g711.ts';
import { espeakMissing, pocketsphinxMissing } from './peers.fixture.ts';
import { createEmbeddedSpeech } from './provider.ts';
import { Synthesiser } from './synthesiser.ts';
import { cast } from './voices.ts';

const noPocketsphinx = pocketsphinxMissing();
const noEspeak = espeakMissing();

/** Of this test alone: what is left in it was left by us. */
const folder = mkdtempSync(join(tmpdir(), 'ringback-test-'));
process.env.TMPDIR = folder;

const port = createEmbeddedSpeech();
after(async () => {
  await port.close();
  const left = readdirSync(folder);
  rmSync(folder, { recursive: true });
  assert.deepEqual(left, [], 'files are left behind');
});

async function say(
  request: Omit<SynthesisRequest, 'said'> & { readonly text?: string; readonly ssml?: string },
) {
  const { text = '', ssml, ...rest } = request;
  const said = ssml === undefined ? ({ kind: 'text', text } as const) : ({ kind: 'ssml', ssml } as const);
  return port.synthesise({ said, ...rest });
}

const audioOf = (speech: Speech | SpeechFailure): Int16Array => {
  assert.ok(speech.kind === 'speech', JSON.stringify(speech));
  return speech.samples;
};
const causeOf = (answer: { readonly kind: string }): string =>
  answer.kind === 'failed' ? (answer as SpeechFailure).because : answer.kind;

/** As a caller hears and is heard: half a second of quiet, the words, and more quiet. */
const spoken = async (text: string, voiceName?: string): Promise<Int16Array> => {
  const words = audioOf(await say({ text, ...(voiceName === undefined ? {} : { voiceName }) }));
  const audio = new Int16Array(words.length + 16_000);
  audio.set(words, 8000);
  return audio;
};
const overTelephone = (audio: Int16Array): Int16Array =>
  resampled(decodeG711('PCMU', encodeG711('PCMU', resampled(audio, 16_000, 8000))), 8000, 16_000);

describe('embedded text to speech', () => {
  test('speaks English at 16 kHz, at a natural pace and level', async () => {
    const samples = audioOf(await say({ text: 'Hello, and welcome. Please say confirm or cancel.' }));
    assert.ok(samples.length > 2 * 16_000 && samples.length < 5 * 16_000, `${samples.length / 16_000} s`);
    assert.ok(levelOf(samples) > -35 && levelOf(samples) < -10, `${levelOf(samples)} dBov`);
  });

  test('has a female and a male voice, and says so where another was named', async () => {
    const [her, him, named] = await Promise.all([
      say({ text: 'Good morning' }),
      say({ text: 'Good morning', voiceKind: 'male' }),
      say({ text: 'Good morning', voiceName: 'en-GB-RyanNeural', voiceKind: 'male' }),
    ]);
    assert.notDeepEqual(audioOf(her), audioOf(him));
    assert.deepEqual(audioOf(named), audioOf(him));
    assert.deepEqual(named.kind === 'speech' && named.ignored, [
      'the voice en-GB-RyanNeural: rms speaks',
      'the accent of en-GB',
    ]);
  });

  test('speaks SSML: pauses are silent, slow is longer, soft is softer', async () => {
    const wrap = (inside: string) => ({ ssml: `<speak version="1.0" xml:lang="en-US">${inside}</speak>` });
    const plain = audioOf(await say(wrap('one two three')));
    const paused = audioOf(await say(wrap('one two three<break time="1s"/>')));
    assert.equal(paused.length, plain.length + 16_000);
    assert.ok(paused.subarray(plain.length).every((sample) => sample === 0));
    const slow = audioOf(await say(wrap('<prosody rate="50%">one two three</prosody>')));
    assert.ok(slow.length > 1.7 * plain.length && slow.length < 2.3 * plain.length, `${slow.length}`);
    const soft = audioOf(await say(wrap('<prosody volume="-12dB">one two three</prosody>')));
    assert.ok(Math.abs(levelOf(plain) - levelOf(soft) - 12) < 0.5);
  });

  test('of punctuation and foreign letters speaks what can be spoken', async () => {
    for (const text of ['Café “noir” – 5 €', '-voice kal', '$(reboot) `x` %s%n', 'a\0b\u001b[2J']) {
      assert.ok(audioOf(await say({ text })).length > 4000, text);
    }
  });

  test('fails by name where there is nothing to say, too much, or no SSML', async () => {
    assert.equal(causeOf(await say({ text: '' })), 'empty');
    assert.equal(causeOf(await say({ text: ' …!? ' })), 'empty');
    assert.equal(causeOf(await say({ ssml: '<speak> <p/> </speak>' })), 'empty');
    assert.equal(causeOf(await say({ ssml: '<speak>a' })), 'malformed-ssml');
    assert.equal(causeOf(await say({ text: 'word '.repeat(5000) })), 'bad-request');
  });

  test('fails by name in a language without a voice, and tells which package has one', async () => {
    const alone = createEmbeddedSpeech({ espeak: 'no-such-program' });
    const german = await alone.synthesise({ said: { kind: 'text', text: 'Guten Tag' }, locale: 'de-DE' });
    assert.ok(german.kind === 'failed' && german.because === 'unsupported-language');
    assert.match(german.detail, /de-DE.*espeak-ng/);
    await alone.close();
    assert.equal(causeOf(await say({ text: 'x', locale: 'zz-ZZ' })), 'unsupported-language');
    assert.equal(causeOf(await say({ text: 'x', voiceName: 'qq-QQ-NobodyNeural' })), 'unsupported-language');
    assert.deepEqual(cast({ locale: '--stdout' }, new Set(['de'])), { language: '--stdout' });
  });

  test('speaks further languages where espeak-ng is installed', { skip: noEspeak }, async () => {
    const german = audioOf(await say({ text: 'Guten Tag', voiceName: 'de-DE-KatjaNeural' }));
    assert.ok(german.length > 8000 && levelOf(german) > -35);
  });

  test('gives up on a text that takes too long, and speaks the next', async () => {
    const slow = new Synthesiser('espeak-ng', 1);
    const part = {
      kind: 'text',
      text: 'one',
      rate: 1,
      gain: 1,
      voice: { engine: 'flite', voice: 'slt' },
    } as const;
    const [first, second] = await Promise.all([slow.speak([part]), slow.speak([part])]);
    assert.deepEqual(
      [first, second].map((each) => 'because' in each && each.because),
      ['timeout', 'timeout'],
    );
    const waiting = slow.speak([part]);
    await slow.close();
    assert.equal(causeOf((await waiting) as SpeechFailure), 'connection');
    assert.equal(causeOf((await slow.speak([part])) as SpeechFailure), 'connection');
  });

  test('takes no more than it can hold', async () => {
    const many = Array.from({ length: 70 }, () => say({ text: 'a' }));
    const causes = (await Promise.all(many)).map(causeOf);
    assert.equal(causes.filter((cause) => cause === 'speech').length, 64);
    assert.equal(causes.filter((cause) => cause === 'throttled').length, 6);
  });
});

describe('embedded speech to text', { skip: noPocketsphinx }, () => {
  const choices = ['Confirm', 'Cancel', 'Technical support', 'Speak to an agent'];

  for (const [way, path] of [
    ['wide-band audio', (audio: Int16Array) => audio],
    ['G.711', overTelephone],
  ] as const) {
    test(`knows the phrases of a list by ${way}, in a female and in a male voice`, async () => {
      for (const voiceName of ['slt', 'rms']) {
        for (const phrase of choices) {
          const audio = path(await spoken(phrase, voiceName));
          const heard = await port.recognise({ audio, locale: 'en-US', phrases: choices });
          assert.ok(heard.kind === 'phrase', `${voiceName} ${phrase}: ${JSON.stringify(heard)}`);
          assert.equal(heard.phrase, phrase);
          assert.ok((heard.confidence ?? 0) > 0.5 && (heard.confidence ?? 2) <= 1);
        }
      }
    });

    test(`takes what is not in the list for no match by ${way}`, async () => {
      for (const voiceName of ['slt', 'rms']) {
        for (const other of [
          'banana',
          'what is the weather today',
          'maybe',
          'I would like a pizza',
          'goodbye',
        ]) {
          const audio = path(await spoken(other, voiceName));
          const heard = await port.recognise({ audio, locale: 'en-US', phrases: choices });
          assert.equal(heard.kind, 'no-match', `${voiceName} ${other}: ${JSON.stringify(heard)}`);
        }
      }
    });
  }

  test('spells the phrase as it was given, and reads numbers in it', async () => {
    const heard = await port.recognise({
      audio: await spoken('option two'),
      locale: 'en-GB',
      phrases: ['OPTION 1!', 'Option 2.', 'option 3'],
    });
    assert.ok(heard.kind === 'phrase' && heard.phrase === 'Option 2.', JSON.stringify(heard));
  });

  test('writes down free speech', async () => {
    const heard = await port.recognise({ audio: await spoken('please call me tomorrow'), locale: 'en-US' });
    assert.ok(heard.kind === 'text', JSON.stringify(heard));
    assert.match(heard.text, /call me tomorrow/);
  });

  test('takes silence and the noise of a line for silence', async () => {
    const noise = Int16Array.from({ length: 48_000 }, (_, n) => ((n * 7919) % 61) - 30);
    for (const audio of [new Int16Array(0), new Int16Array(48_000), noise]) {
      assert.deepEqual(await port.recognise({ audio, locale: 'en-US', phrases: choices }), {
        kind: 'silence',
      });
    }
  });

  test('takes a tone for no match', async () => {
    const audio = Int16Array.from({ length: 32_000 }, (_, n) =>
      n < 8000 ? 0 : Math.round(9000 * Math.sin(n / 6)),
    );
    assert.equal(causeOf(await port.recognise({ audio, locale: 'en-US', phrases: choices })), 'no-match');
  });

  test('fails by name: another language, an unknown word, no word, too long', async () => {
    const audio = await spoken('confirm');
    const fail = async (locale: string, phrases: readonly string[], what = audio): Promise<string> => {
      const answer = await port.recognise({ audio: what, locale, phrases });
      assert.ok(answer.kind === 'failed', JSON.stringify(answer));
      return `${answer.because}: ${answer.detail}`;
    };
    assert.match(await fail('fr-FR', ['oui']), /^unsupported-language: .*fr-FR/);
    assert.match(await fail('en-US', ['Contosoblorp', 'confirm']), /^unknown-words: .*"contosoblorp"/);
    assert.match(await fail('en-US', ['...']), /^bad-request: "\.\.\." has no word/);
    assert.match(await fail('en-US', []), /^bad-request: The list of phrases is empty/);
    assert.match(
      await fail('en-US', ['yes'], new Int16Array(16_000 * 61)),
      /^bad-request: .*longer than 60 s/,
    );
  });

  test('fails by name where pocketsphinx is not installed', async () => {
    const without = createEmbeddedSpeech({ program: 'no-such-program' });
    const answer = await without.recognise({ audio: await spoken('yes'), locale: 'en-US', phrases: ['yes'] });
    assert.ok(answer.kind === 'failed' && answer.because === 'not-installed', JSON.stringify(answer));
    assert.match(answer.detail, /Debian package pocketsphinx\b/);
    await without.close();
  });

  test('leaves no file behind, and no program', async () => {
    await port.recognise({ audio: await spoken('yes'), locale: 'en-US', phrases: ['yes', 'no'] });
    const left = readdirSync(folder).filter((name) => name.startsWith('ringback-hearing-'));
    assert.deepEqual(left, []);
    assert.ok(!process.getActiveResourcesInfo().includes('ProcessWrap'));
  });
});
