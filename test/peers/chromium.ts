/** Chromium, with a home of its own that trusts the authorities it is given and is gone with it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const debian = { chromium: 'chromium', certutil: 'libnss3-tools' } as const;

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const found = (command: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((file) => existsSync(file));

/** Why no browser can be used here; with CI=true a missing one is a failure. */
export function chromiumMissing(): string | false {
  const missing = Object.entries(debian).flatMap(([command, name]) =>
    found(command) === undefined ? [`${command} is missing (Debian package ${name})`] : [],
  );
  if (missing.length === 0) return false;
  if (process.env.CI === 'true') throw new Error(missing.join(', '));
  const why = `SKIPPED: ${missing.join(', ')}; no browser is heard`;
  console.error(why);
  return why;
}

function trust(database: string, file: string): void {
  const args = ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', basename(file), '-i', file];
  const { status, stderr } = spawnSync('certutil', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`certutil ended with ${status}: ${stderr}`);
}

export interface Chromium extends AsyncDisposable {
  readonly browser: Browser;
}

/** `caFiles`: PEM of authorities to trust beside the usual ones, added as a user adds them (docs/surfaces/chat.md). */
export async function openChromium(...caFiles: readonly string[]): Promise<Chromium> {
  const home = mkdtempSync(join(tmpdir(), 'chromium-'));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const database = join(home, '.pki', 'nssdb');
    mkdirSync(database, { recursive: true });
    for (const file of caFiles) trust(database, file);
    const browser = await chromium.launch({
      executablePath: found('chromium') ?? 'chromium',
      headless: true,
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home },
      args: flags,
    });
    return {
      browser,
      async [Symbol.asyncDispose]() {
        await browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
