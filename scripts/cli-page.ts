/**
 * Writes the table of commands in `docs/surfaces/cli.md` from the commands themselves.
 * `node scripts/cli-page.ts` writes it, `--check` only says whether it is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { serverOptions, usageOf } from '../src/cli/command.ts';
import { commands } from '../src/cli/commands.ts';

const page = new URL('../docs/surfaces/cli.md', import.meta.url);
const [begins, ends] = ['<!-- generated: scripts/cli-page.ts -->', '<!-- end of generated -->'];
/** Explained once, above the table. */
const everywhere = new Set([...Object.keys(serverOptions), 'json']);

async function row({ says, load }: (typeof commands)[keyof typeof commands]): Promise<string> {
  const { command } = await load();
  const options = Object.fromEntries(
    Object.entries(command.options).filter(([option]) => !everywhere.has(option)),
  );
  const usage = usageOf({ ...command, options })
    .replace('ringback ', '')
    .replaceAll('|', '\\|');
  const [json, asks] = ['json', 'connection-string'].map((o) => (o in command.options ? 'yes' : ''));
  return `| \`${usage}\` | ${says} | ${json} | ${asks} |\n`;
}

/** The page with the table as the commands are now. */
export async function cliPage(): Promise<string> {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(begins), before.indexOf(ends)];
  if (from < 0 || to < from)
    throw new Error(`docs/surfaces/cli.md has lost its marks ${begins} and ${ends}.`);
  const rows = await Promise.all(Object.values(commands).map(row));
  const table = `| command | what it does | \`--json\` | asks a server |\n|---|---|---|---|\n${rows.join('')}`;
  return `${before.slice(0, from)}${begins}\n\n${table}\n${before.slice(to)}`;
}

if (import.meta.main) {
  const wanted = await cliPage();
  if (!argv.includes('--check')) {
    writeFileSync(page, wanted);
  } else if (readFileSync(page, 'utf8') !== wanted) {
    console.error('docs/surfaces/cli.md differs from the commands; run `node scripts/cli-page.ts`.');
    exit(1);
  }
}
