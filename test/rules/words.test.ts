import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listedRows } from '../../src/codes/catalogue.ts';
import { filesUnder } from './source-files.ts';
import { guardedSubcodes, machinePaths, subcodeLiterals, vagueNames } from './words.ts';

const source = filesUnder('src', '.ts');
const everything = filesUnder('');
const subcodes = guardedSubcodes(listedRows);

describe('subcodes', () => {
  test('stand in the tables, the rulings, scenarios, tests and documents only', () => {
    assert.deepEqual(
      source.flatMap((file) => subcodeLiterals(file, subcodes)),
      [],
    );
  });

  test('are caught as numbers and as strings, not in comments', () => {
    const caught = (path: string, text: string) => subcodeLiterals({ path, text }, subcodes).length;
    assert.equal(caught('src/edge/http/a.ts', `end(410, 301005);`), 1);
    assert.equal(caught('src/edge/http/a.ts', `error('8523', "call/486/560486");`), 2);
    assert.equal(caught('src/app/desks/a.ts', `// 560486 is busy\n/* 8523 */ const port = 20000;`), 0);
    assert.equal(caught('src/domain/call/rulings.ts', `560486`), 0);
    assert.equal(caught('src/edge/http/a.test.ts', `'8523'`), 0);
  });
});

describe('file names', () => {
  test('say what the file holds', () => {
    assert.deepEqual(everything.flatMap(vagueNames), []);
  });

  test('that say nothing are caught', () => {
    for (const path of [
      'src/utils.ts',
      'src/edge/common/a.ts',
      'test/sip-helpers.ts',
      'src/app/CallManager.ts',
    ]) {
      assert.equal(vagueNames({ path, text: '' }).length, 1, path);
    }
    assert.deepEqual(vagueNames({ path: 'src/app/uncommon-calls.ts', text: '' }), []);
  });
});

describe('paths of a machine', () => {
  test('are named nowhere', () => {
    assert.deepEqual(everything.flatMap(machinePaths), []);
  });

  test('are caught', () => {
    for (const folder of ['home', 'Users', 'root']) {
      const text = `\nrun ${['', folder, 'ann', 'ringback'].join('/')}`;
      assert.deepEqual(machinePaths({ path: 'a.md', text }), ["a.md:2: names a path of somebody's machine"]);
    }
    assert.deepEqual(machinePaths({ path: 'a.md', text: 'https://example.org/home/a ./home-made/a' }), []);
  });
});
