import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesNumber, parseNumberPattern } from './number-pattern.ts';

const matches = (source: string, number: string): boolean => {
  const pattern = parseNumberPattern(source);
  assert.ok(typeof pattern !== 'string', `${source}: ${pattern}`);
  return matchesNumber(pattern, number);
};

test('a pattern matches what the same regular expression of JavaScript matches', () => {
  const sources = [
    '^\\+[1-9][0-9]{3,23}$',
    '^\\+1(425|206)\\d{7}$',
    '^\\+7\\d+$',
    '425',
    '^\\+1(?:4(?:25|08)|206)[^5]\\d*$',
    '5{2}',
    '^\\+\\d{2,}?5$',
    '^(\\+1)?(\\d{3}){2}\\d{4}$',
    '[\\d+]{12}',
    '^(a|b|)\\+',
    '^.{12}$',
    '\\D1',
    '[]1]42',
    '[-+]1',
  ];
  const numbers = ['+14255550100', '+12065550100', '+74951234567', '+493023125000', '425', '', '+1'];
  for (const source of sources)
    for (const number of numbers)
      assert.equal(
        matches(source, number),
        new RegExp(source.replace('[]1]', '[\\]1]')).test(number),
        `${source} on ${number}`,
      );
});

test('an anchor may be repeated and spelt as .NET spells it', () => {
  assert.equal(matches('^+[1-9][0-9]{3,23}$', '14255550100'), true);
  assert.equal(matches('\\A\\+1\\d{10}\\z', '+14255550100'), true);
  assert.equal(matches('\\A\\+1\\d{10}\\Z', '+142555501001'), false);
  assert.equal(matches("^\\+(?<country>49|44)(?'rest'\\d+)$", '+442079460000'), true);
});

test('what looks around or back, and what is no expression, is refused and says why', () => {
  for (const [source, why] of [
    ['', /empty/],
    ['(?=\\+1)', /\(\?= at position 0 is not served/],
    ['(\\d)\\1', /\\1 is not served/],
    ['[0-9', /never closed/],
    ['(\\d', /never closed/],
    ['\\d)', /closes nothing/],
    ['*1', /nothing before the \*/],
    ['1**', /to repeat/],
    ['[9-0]', /does not go upwards/],
    ['1{3,2}', /more at least than at most/],
    ['1\\', /nothing follows/],
    [`${'('.repeat(51)}1${')'.repeat(51)}`, /more than 50 deep/],
  ] as const) {
    const fault = parseNumberPattern(source);
    assert.ok(typeof fault === 'string', source);
    assert.match(fault, why, source);
  }
});

test('no pattern takes long: what would be tried in every way is looked at once', () => {
  const number = `+${'1'.repeat(24)}`;
  for (const source of [
    `^${'(\\d*)*'.repeat(160)}x$`,
    `^${'('.repeat(50)}\\d${'+)'.repeat(50)}+x$`,
    `^${'(1|1|11|1?)'.repeat(80)}x$`,
    `^${'\\d{0,9999}'.repeat(90)}x$`,
  ])
    assert.equal(matches(source, number), false);
});
