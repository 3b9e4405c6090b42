import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSsml } from './ssml.ts';

const plain = { rate: 1, gain: 1 };
const speak = (inside: string): string => `<speak version="1.0" xml:lang="en-US">${inside}</speak>`;

const parts = (inside: string) => {
  const script = readSsml(speak(inside));
  assert.ok('parts' in script, JSON.stringify(script));
  return script.parts.map((part) => (part.kind === 'text' ? part.text : part.ms));
};

describe('SSML', () => {
  test('is a list of texts with their manner, and of pauses', () => {
    const script = readSsml(
      speak(
        '<voice name="en-US-GuyNeural">Hello <emphasis>you</emphasis>,<break time="0.5s"/>' +
          '<prosody rate="fast" volume="-6dB" pitch="high">bye</prosody></voice><voice gender="female" xml:lang="de-DE">Tag</voice>',
      ),
    );
    assert.deepEqual(script, {
      parts: [
        { kind: 'text', text: 'Hello you ,', ...plain, locale: 'en-US', voiceName: 'en-US-GuyNeural' },
        { kind: 'pause', ms: 500 },
        {
          kind: 'text',
          text: 'bye',
          rate: 1.33,
          gain: 10 ** (-6 / 20),
          locale: 'en-US',
          voiceName: 'en-US-GuyNeural',
        },
        { kind: 'text', text: 'Tag', ...plain, locale: 'de-DE', voiceKind: 'female' },
      ],
      ignored: ['emphasis', 'prosody pitch'],
    });
  });

  test('has paragraphs, sentences, aliases and things that are spelt', () => {
    assert.deepEqual(parts('<p><s>One.</s><s>Two.</s></p>'), ['One.', 200, 'Two.', 200, 500]);
    assert.deepEqual(parts('<sub alias="World Wide Web">W3</sub>'), ['World Wide Web']);
    assert.deepEqual(parts('<say-as interpret-as="characters">A B1</say-as>'), ['A B 1']);
    assert.deepEqual(parts('<say-as interpret-as="telephone">555 01</say-as>'), ['5 5 5 0 1']);
    assert.deepEqual(parts('<say-as interpret-as="cardinal">12</say-as>'), ['12']);
  });

  test('has breaks by time, by strength and by default', () => {
    assert.deepEqual(parts('<break time="250ms"/><break strength="strong"/><break/>'), [250, 750, 500]);
    assert.deepEqual(parts('<break time="90s"/><break strength="none"/>'), [20_000]);
  });

  test('takes rates and volumes as numbers, changes and names', () => {
    const manner = (attributes: string) => {
      const script = readSsml(speak(`<prosody ${attributes}>x</prosody>`));
      const part = 'parts' in script ? script.parts[0] : undefined;
      return part?.kind === 'text' ? [part.rate, Math.round(part.gain * 100) / 100] : script;
    };
    assert.deepEqual(manner('rate="+50%"'), [1.5, 1]);
    assert.deepEqual(manner('rate="50%"'), [0.5, 1]);
    assert.deepEqual(manner('rate="1.2" volume="soft"'), [1.2, 0.5]);
    assert.deepEqual(manner('volume="50"'), [1, 0.5]);
    assert.deepEqual(manner('volume="-20%"'), [1, 0.8]);
    assert.deepEqual(manner('rate="100" volume="silent"'), [4, 0]);
  });

  test('of other namespaces is spoken as far as it is text, and named', () => {
    const script = readSsml(speak('<mstts:express-as style="sad">Oh.</mstts:express-as><mstts:viseme/>'));
    assert.ok('parts' in script);
    assert.deepEqual([script.parts.length, script.ignored], [1, ['mstts:express-as', 'mstts:viseme']]);
  });

  const refused: Readonly<Record<string, readonly [ssml: string, fault: RegExp]>> = {
    'that is not SSML': ['<html>hello</html>', /root element is <html>/],
    'with an element that SSML has not': [speak('<shout>x</shout>'), /<shout> is no element/],
    'with an alias missing': [speak('<sub>x</sub>'), /<sub> has no alias/],
    'with a time that is none': [speak('<break time="soon"/>'), /<break> has the time "soon"/],
    'with a strength that is none': [speak('<break strength="huge"/>'), /strength "huge"/],
    'with a rate that is none': [speak('<prosody rate="-100%">x</prosody>'), /rate "-100%"/],
    'with a volume that is none': [
      speak('<prosody volume="constructor">x</prosody>'),
      /volume "constructor"/,
    ],
    'with pauses without end': [speak('<break time="20s"/>'.repeat(16)), /pauses last more than 300 s/],
    'in too many pieces': [speak('a<break time="1ms"/>'.repeat(300)), /more than 500/],
    'that is not well-formed': [speak('<p>'), /closes <p>/],
  };
  for (const [what, [ssml, fault]] of Object.entries(refused)) {
    test(`${what} is refused by name`, () => {
      const script = readSsml(ssml);
      assert.ok('fault' in script, JSON.stringify(script));
      assert.match(script.fault, fault);
    });
  }
});
