import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Command,
  type Given,
  helpOf,
  oneOf,
  readArguments,
  serverOptions,
  UsageError,
  wholeNumber,
  withDefaults,
} from './command.ts';
import { commands } from './commands.ts';
import { readDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { serveFlags, command as start } from './start.ts';
import { nameFor } from './subscribe.ts';

const trial: Command = {
  name: 'trial',
  operands: 'ID',
  count: { least: 1, most: 1 },
  about: 'Tries things.',
  options: { limit: { value: 'N', says: 'how many' }, loud: { says: 'loudly' }, ...serverOptions },
  run: () => 0,
};

function read(...args: string[]): Given {
  const given = readArguments(trial, args);
  assert.ok(given);
  return given;
}

const refuses = (message: RegExp, ...args: string[]): void =>
  assert.throws(
    () => readArguments(trial, args),
    (error: Error) => error instanceof UsageError && message.test(error.message),
  );

test('options and operands are read in any order', () => {
  const given = read('--loud', 'x', '--limit', '3');
  assert.deepEqual(
    [given.operands, given.text('limit'), given.isSet('loud'), given.isSet('data')],
    [['x'], '3', true, false],
  );
  assert.equal(read('x', '--limit=4').text('limit'), '4');
  assert.equal(readArguments(trial, ['-h']), undefined);
  assert.deepEqual(read('--', '--odd').operands, ['--odd']);
});

test('what cannot be understood is named, with what was probably meant', () => {
  refuses(/"--limt" is not an option of "ringback trial"\. Did you mean --limit\?/, 'x', '--limt', '3');
  refuses(/"-q" is not an option/, 'x', '-q');
  refuses(/"--constructor" is not an option/, 'x', '--constructor');
  refuses(/--limit needs a value: --limit N/, 'x', '--limit');
  refuses(/--limit needs a value/, '--limit', '--loud', 'x');
  refuses(/--loud takes no value/, 'x', '--loud=yes');
  refuses(/"ringback trial" needs ID/);
  refuses(/"y" is one too many/, 'x', 'y');
});

test('numbers and words are checked before a server is asked', () => {
  assert.equal(wholeNumber(read('x', '--limit', '7'), 'limit', [1, 9]), 7);
  for (const wrong of ['0', '10', '-1', '1.5', '1e0', 'x', '']) {
    assert.throws(() => wholeNumber(read('x', `--limit=${wrong}`), 'limit', [1, 9]), UsageError, wrong);
  }
  assert.throws(
    () => oneOf(read('x', '--limit', 'maual'), 'limit', ['real', 'manual']),
    /Did you mean manual\?/,
  );
});

test('the environment names a server only where the command line does not', () => {
  const env = { data: '/env', connectionString: 'endpoint=env' };
  const plain = withDefaults(read('x'), trial, env);
  assert.deepEqual([plain.text('data'), plain.text('connection-string')], ['/env', 'endpoint=env']);
  const flagged = withDefaults(read('x', '--data', 'here'), trial, env);
  assert.deepEqual([flagged.text('data'), flagged.text('connection-string')], ['here', undefined]);
});

test('the nearest word is offered only when it is near', () => {
  const words = ['codes', 'calls', 'call', 'clock'];
  assert.equal(nearest('codse', words), 'codes');
  assert.equal(nearest('clokc', words), 'clock');
  assert.equal(nearest('xyzzy', words), undefined);
});

test('durations are read in the units people write', () => {
  assert.deepEqual(
    ['500ms', '90s', '2m', '1h30m', '90', '1.5s', '366d'].map(readDuration),
    [500, 90_000, 120_000, 5_400_000, 90_000, 1500, 31_622_400_000],
  );
  for (const wrong of ['', '0', 's', '5x', '1h 30m', '-5s', '367d', '1s!', 'NaN'])
    assert.throws(() => readDuration(wrong), UsageError, wrong);
});

test('flags of start go to the configuration by their own names, and only those given', () => {
  const flags = (...args: string[]) => serveFlags(readArguments(start, args)!);
  assert.deepEqual(flags(), { json: false, settings: {} });
  assert.deepEqual(
    flags('--memory', '--https-port', '0', '--clock', 'manual', '--config', 'x.yaml', '--json'),
    {
      config: 'x.yaml',
      json: true,
      settings: { 'https-port': '0', clock: 'manual', memory: true },
    },
  );
  assert.throws(() => flags('--sip-port', '70000'), /--sip-port takes a whole number from 0 to 65535/);
});

test('one URL always makes one subscription name', () => {
  assert.equal(nameFor(new URL('https://localhost:7071/api/events/?x=1')), 'localhost-7071-api-events');
});

test('every command goes by the name it is listed under, and its help fits the page', async () => {
  for (const [name, { load }] of Object.entries(commands)) {
    const { command } = await load();
    assert.equal(command.name, name);
    for (const line of helpOf(command).split('\n')) assert.ok(line.length <= 110, `${name}: ${line}`);
  }
});
