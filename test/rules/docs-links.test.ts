/** Documents lead where they say, and name commands, settings and scripts that exist. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { cliPage } from '../../scripts/cli-page.ts';
import { readArguments } from '../../src/cli/command.ts';
import { commands, isCommand } from '../../src/cli/commands.ts';
import { lookUp } from '../../src/codes/lookup.ts';
import { filesUnder, root, type SourceFile } from './source-files.ts';

const pages = filesUnder('', '.md');
const readme = pages.find(({ path }) => path === 'README.md')!;

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

/** As GitHub makes them: lower case, no punctuation, dashes for spaces. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set([
    ...[...withoutCode(text).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!),
    ...[...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  ]);

function brokenLinks({ path, text }: SourceFile): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const leadsTo = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, leadsTo))) return [`${path}: ${target} does not exist`];
    if (anchor === undefined) return [];
    const there = anchorsOf(readFileSync(join(root, leadsTo), 'utf8')).has(anchor);
    return there ? [] : [`${path}: ${target} has no such heading`];
  });
}

/** What stands after `ringback` in code: whole lines of blocks, and code within sentences. */
function commandLines(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...blocks, ...inline].flatMap((line) => /^(?:\$ )?(?:npx )?ringback (.+)$/.exec(line)?.[1] ?? []);
}

async function notUnderstood(line: string): Promise<readonly string[]> {
  const [name = '', ...args] = line.replace(/\s+#.*$/, '').split(/\s+/);
  if (name === 'COMMAND' || name.startsWith('--')) return [];
  if (!isCommand(name)) return [`"ringback ${line}": there is no such command`];
  const { command } = await commands[name].load();
  try {
    // A mention such as `ringback call` needs no operands; what is given has to be understood.
    readArguments({ ...command, count: { ...command.count, least: 0 } }, args);
    return [];
  } catch (error) {
    return [`"ringback ${line}": ${(error as Error).message}`];
  }
}

describe('documents', () => {
  test('lead where they say', () => {
    assert.deepEqual(pages.flatMap(brokenLinks), []);
  });

  test('name commands and options that exist', async () => {
    const found = await Promise.all(
      pages.flatMap(({ path, text }) =>
        commandLines(text).map(async (line) =>
          (await notUnderstood(line)).map((fault) => `${path}: ${fault}`),
        ),
      ),
    );
    assert.ok(found.length > 20, `only ${found.length} command lines were found`);
    assert.deepEqual(found.flat(), []);
  });

  test('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name = '']) => ({ path, name })),
    );
    assert.deepEqual(
      named.filter(({ name }) => scripts[name] === undefined),
      [],
    );
  });

  test('name codes that are rows', () => {
    const pairs = pages
      .filter(({ path }) => path !== 'docs/codes.md')
      .flatMap(({ path, text }) =>
        [...text.matchAll(/(?<![\w/.:-])\d{3}\/\d{3,6}(?![\w/])/g)].map(([pair]) => ({ path, pair })),
      );
    assert.deepEqual(
      pairs.filter(({ pair }) => lookUp(pair).kind === 'unknown'),
      [],
    );
  });

  test('list every command as it is', async () => {
    const page = readFileSync(join(root, 'docs/surfaces/cli.md'), 'utf8');
    assert.equal(await cliPage(), page, 'docs/surfaces/cli.md differs: run `node scripts/cli-page.ts`');
  });

  test('that are wrong are caught', async () => {
    const page = { path: 'docs/a.md', text: '[a](nowhere.md) [b](../README.md#no-such-heading) `[c](d.md)`' };
    assert.equal(brokenLinks(page).length, 2);
    assert.deepEqual(commandLines('```\nnpx ringback cals\n```\n`ringback call ID`'), ['cals', 'call ID']);
    assert.equal((await notUnderstood('cals')).length, 1);
    assert.equal((await notUnderstood('call ID --mermade')).length, 1);
  });
});

test('the first screen of the README starts a server, places a call, makes it fail and says why', () => {
  const screen = readme.text.split('\n').slice(0, 50).join('\n');
  for (const step of [
    'npm start -- --allow-http-callbacks',
    'examples/first-call.mjs',
    'reproduce 486/560486',
    'explain',
  ]) {
    assert.ok(screen.includes(step), `${step} is not on it`);
  }
});
