import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Located, readYaml } from './located.ts';
import { describeProblems, parseConfig } from './parse-config.ts';
import { keysOf, schema } from './schema.ts';

const sample = readFileSync(join(import.meta.dirname, '../../ringback.sample.yaml'), 'utf8');
/** With the settings that are commented out: a "#" with no space after it, or inside such a block. */
const everything = sample.replace(/^( *)#(?=[a-z]| {2})/gm, '$1');

/** Keys of a map whose keys are the user's. */
const free = /^subscriptions\[\]\.headers\./;

function keysIn(located: Located, prefix = ''): readonly string[] {
  if (located.kind === 'list') return located.items.flatMap((item) => keysIn(item, `${prefix}[]`));
  if (located.kind !== 'map') return [];
  return [...located.entries].flatMap(([key, { value }]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...keysIn(value, path)];
  });
}

describe('ringback.sample.yaml', () => {
  test('is the default configuration, except for allowHttpCallbacks', () => {
    const parsed = parseConfig({ yamlText: sample });
    if ('problems' in parsed) assert.fail(describeProblems(parsed.problems));
    const standard = parseConfig({});
    assert.ok('config' in standard);
    assert.equal(parsed.config.allowHttpCallbacks, true);
    assert.deepEqual({ ...parsed.config, allowHttpCallbacks: false }, standard.config);
  });

  test('mentions every key there is, and no other', () => {
    const { root } = readYaml({ text: everything, layer: 'file', where: 'sample', lines: true });
    const mentioned = new Set(keysIn(root).filter((key) => !free.test(key)));
    assert.deepEqual([...mentioned].sort(), [...keysOf(schema((path) => path))].sort());
  });

  test('holds good values where settings are commented out', () => {
    const parsed = parseConfig({ yamlText: everything });
    if ('problems' in parsed) assert.fail(describeProblems(parsed.problems));
    assert.deepEqual(parsed.config.subscriptions[0]?.headers, { 'X-Tenant': 'acme' });
  });
});
