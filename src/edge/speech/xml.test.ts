import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { one, seeded } from '../../../test/fuzz/random.ts';
import { readSsml } from './ssml.ts';
import { readXml } from './xml.ts';

describe('XML', () => {
  test('is read with its attributes, entities, comments and character data', () => {
    const text = `<?xml version="1.0"?>\n<!-- first --><a x='1 &lt; 2' n:y="&#x41;&#66;">one &amp; <b/><![CDATA[<two>]]></a>\n`;
    assert.deepEqual(readXml(text), {
      name: 'a',
      attributes: { x: '1 < 2', 'n:y': 'AB' },
      children: ['one & ', { name: 'b', attributes: {}, children: [] }, '<two>'],
    });
  });

  const broken: Readonly<Record<string, readonly [text: string, fault: RegExp]>> = {
    'without an element': ['  ', /no element/],
    'that is text': ['hello', /outside the root/],
    'with two roots': ['<a/><b/>', /second root/],
    'that is not closed': ['<a><b></b>', /<a> is not closed \(line 1, column 11\)/],
    'closed in the wrong order': ['<a><b></a></b>', /<\/a> closes <b>/],
    'closed too often': ['<a></a></a>', /<\/a> closes nothing/],
    'with a bare ampersand': ['<a>\nb & c</a>', /"&" is no character.*line 2|&amp;/],
    'with an unknown entity': ['<a>&nbsp;</a>', /"&nbsp;" is no character/],
    'with a reference to no character': ['<a>&#xD800;</a>', /is no character/],
    'with a bare sign': ['<a>1 < 2</a>', /not followed by a name/],
    'with an attribute twice': ['<a b="1" b="2"/>', /attribute b twice/],
    'with an attribute without quotes': ['<a b=1/>', /"<a" does not end/],
    'with an open comment': ['<a><!-- b</a>', /a comment is not closed/],
    'with a document type': ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /document type, which is refused/],
    'nested too deep': ['<a>'.repeat(100), /nested more than 50/],
    'that is too long': [`<a>${'b'.repeat(70_000)}</a>`, /at most 65536/],
    'with a key of every object': ['<a>&constructor;</a>', /is no character/],
  };
  for (const [what, [text, fault]] of Object.entries(broken)) {
    test(`${what} is refused, and where is said`, () => {
      const read = readXml(text);
      assert.ok('fault' in read, JSON.stringify(read));
      assert.match(read.fault, fault);
    });
  }

  test('spoilt in any way is read or refused, and never throws', () => {
    const next = seeded(8582);
    const original = `<?xml version="1.0"?><speak version="1.1" xml:lang="en-US"><voice name="a"><p><s>One &amp; two<break time="1s"/></s></p><prosody rate="+10%">x</prosody><say-as interpret-as="digits">12</say-as><sub alias="b">c</sub></voice></speak>`;
    const pieces = [
      '<',
      '>',
      '&',
      ';',
      '"',
      '/',
      '<!',
      '<![CDATA[',
      ']]>',
      '<?',
      '&#',
      '</speak>',
      '=',
      ' ',
      '\0',
      'é',
    ];
    const outcomes = { read: 0, refused: 0 };
    for (let run = 0; run < 20_000; run++) {
      let text = original;
      for (let spoils = 1 + next(3); spoils > 0; spoils--) {
        const from = next(text.length + 1);
        text = text.slice(0, from) + (next(2) === 0 ? one(next, pieces) : '') + text.slice(from + next(4));
      }
      const script = readSsml(text);
      if ('fault' in script) outcomes.refused++;
      else outcomes.read++;
    }
    assert.ok(outcomes.read > 1000 && outcomes.refused > 1000, JSON.stringify(outcomes));
  });
});
