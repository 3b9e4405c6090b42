import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boundaryFaults, placeOf, serverModules } from './boundaries.ts';
import { filesUnder } from './source-files.ts';

const source = ['src', 'scenarios'].flatMap((folder) => filesUnder(folder, '.ts'));

describe('the house', () => {
  test('has code to check', () => {
    assert.ok(source.length > 50, `only ${source.length} files were found`);
  });

  test('every import is one that the table allows', () => {
    assert.deepEqual(source.flatMap(boundaryFaults), []);
  });

  test('what the browser SDK bundles names no module of Node', () => {
    const bundled = source.filter(({ path }) => /^src\/(codes|domain|wire\/realtime)\//.test(path));
    assert.deepEqual(bundled.flatMap(serverModules), []);
  });
});

describe('the checker', () => {
  const faults = (path: string, text: string) => boundaryFaults({ path, text });
  const caught: Readonly<Record<string, readonly [path: string, text: string, fault: RegExp]>> = {
    'codes that import anything': [
      'src/codes/a.ts',
      `import { x } from '../domain/call/call.ts';`,
      /src\/codes may not/,
    ],
    'a domain that uses Node': ['src/domain/call/a.ts', `import { hash } from 'node:crypto';`, /node:crypto/],
    'a feature that imports another': [
      'src/domain/chat/a.ts',
      `import type { X } from '../sms/b.ts';`,
      /domain\/chat may not/,
    ],
    'a protocol that reads a file': ['src/wire/sip/a.ts', `import fs from 'node:fs';`, /node:fs/],
    'a protocol that knows the codes': [
      'src/wire/sip/a.ts',
      `import {\n  x,\n} from '../../codes/call.ts';`,
      /:1: .*codes/,
    ],
    'a shape that runs the domain': [
      'src/wire/rest/a.ts',
      `export { decide } from '../../domain/call/decide.ts';`,
      /types alone/,
    ],
    'an app that knows an edge': [
      'src/app/desks/a.ts',
      `import '../../edge/http/server.ts';`,
      /may not import src\/edge\/http/,
    ],
    'an edge that imports another': [
      'src/edge/http/a.ts',
      `import type { X } from '../store/b.ts';`,
      /may not import src\/edge\/store/,
    ],
    'an edge that runs the domain': [
      'src/edge/http/a.ts',
      `import { type X, decide } from '../../domain/call/decide.ts';`,
      /types alone/,
    ],
    'a SIP stack that is not liftable': [
      'src/edge/sip/a.ts',
      `import type { X } from '../../app/ports/trunk.ts';`,
      /may not/,
    ],
    'a simulated peer inside the app': [
      'src/simulated/a.ts',
      `const x = await import('../app/desks/b.ts');`,
      /may not/,
    ],
    'a configuration that knows us': [
      'src/config/a.ts',
      `import type { X } from '../codes/row.ts';`,
      /src\/config may not/,
    ],
    'a command that is no client': [
      'src/cli/calls.ts',
      `import { x } from '../main.ts';`,
      /src\/cli may not/,
    ],
    'somebody who imports the root': [
      'src/edge/http/a.ts',
      `import { x } from '../../main.ts';`,
      /may not import src\/main/,
    ],
    'a scenario that runs our code': [
      'scenarios/call/a.ts',
      `import { x } from '../../src/app/ports/store.ts';`,
      /types alone/,
    ],
    'a file in no layer': ['src/stray.ts', '', /no layer/],
  };
  for (const [name, [path, text, fault]] of Object.entries(caught)) {
    test(`catches ${name}`, () => {
      const found = faults(path, text);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0]!, fault);
    });
  }

  test('lets through what the table allows, and what is only a comment', () => {
    const allowed: readonly (readonly [string, string])[] = [
      ['src/domain/call/a.ts', `import { x } from '../media/lanes.ts';`],
      ['src/wire/rest/a.ts', `import type { Outcome } from '../../domain/call/outcome.ts';`],
      ['src/wire/rest/a.ts', `import { type A, type B } from '../../domain/call/outcome.ts';`],
      [
        'src/edge/http/a.ts',
        `import { x } from '../../wire/rest/a.ts';\nimport { y } from '../../app/ports/store.ts';`,
      ],
      ['src/edge/http/a.ts', `import fastify from 'fastify';`],
      ['src/cli/start.ts', `import { x } from '../main.ts';`],
      ['src/main.ts', `import { x } from './simulated/carrier.ts';\nimport './main/plan.ts';`],
      ['src/codes/a.ts', `// import { x } from '../main.ts';\n/*\nimport '../main.ts';\n*/`],
      ['src/edge/http/a.test.ts', `import { x } from '../store/open-store.ts';`],
    ];
    for (const [path, text] of allowed) assert.deepEqual(faults(path, text), []);
  });

  test('the most literal entry of the table holds a file', () => {
    assert.equal(placeOf('src/domain/media/play.ts')?.layer, 'media');
    assert.equal(placeOf('src/domain/rooms/a.ts')?.layer, 'feature');
    assert.equal(placeOf('src/edge/sip/flow.ts')?.layer, 'stack');
    assert.equal(placeOf('src/cli/start.ts')?.layer, 'start');
  });

  test('catches a module of Node in bundled code', () => {
    const text = `\nconst { hash } = await import('node:crypto');`;
    assert.deepEqual(serverModules({ path: 'src/codes/a.ts', text }), [
      "src/codes/a.ts:2: 'node:crypto' is not in browsers",
    ]);
  });
});
