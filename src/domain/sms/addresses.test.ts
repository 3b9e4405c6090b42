import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recipientFault, senderOf } from './addresses.ts';
import { keywordOf } from './keywords.ts';

describe('addresses', () => {
  test('of senders are numbers, short codes or names', () => {
    const kinds = (...addresses: readonly string[]) => addresses.map((one) => senderOf(one)?.kind);
    assert.deepEqual(kinds('+18005550100', '12345', '123456', 'CONTOSO', 'a1', '4you'), [
      'e164',
      'short-code',
      'short-code',
      'alphanumeric',
      'alphanumeric',
      'alphanumeric',
    ]);
    for (const wrong of [
      '',
      '+',
      '+0800555010',
      '1234',
      '1234567',
      'twelveletter',
      'two words',
      'naïve',
      '+1 800',
    ])
      assert.equal(senderOf(wrong), undefined, wrong);
  });

  test('of recipients are numbers of countries that there are', () => {
    for (const right of ['+15005620000', '+442079460100', '+35312345678', '+8613800138000'])
      assert.equal(recipientFault(right), undefined, right);
    for (const wrong of ['', '15005620000', '+123', '+1500562000000000', '+1500 5620000', 'CONTOSO', '12345'])
      assert.equal(recipientFault(wrong), 'Invalid To phone number format.', wrong);
    for (const nowhere of ['+2101234567', '+9991234567', '+2801234567'])
      assert.equal(recipientFault(nowhere), 'Unknown country code.', nowhere);
  });
});

test('keywords are whole messages, in whatever case', () => {
  assert.deepEqual(['stop', ' Stop\n', 'STOPALL', 'unsubscribe', 'cancel', 'end', 'quit'].map(keywordOf), [
    ...Array(7).fill('stop'),
  ]);
  assert.deepEqual(['START', 'unstop', 'help', 'Info'].map(keywordOf), ['start', 'start', 'help', 'help']);
  assert.deepEqual(['stop it', 'please stop', '', 'st op', 'stop.'].map(keywordOf), [
    ...Array(5).fill(undefined),
  ]);
});
