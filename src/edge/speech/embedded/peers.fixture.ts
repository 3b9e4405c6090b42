/** Programs of Debian that tests of embedded speech need. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { modelFolder } from './pocketsphinx.ts';

/** Why a test is skipped; with CI=true what is missing is a failure. */
function skipped(missing: string | false): string | false {
  if (missing === false) return false;
  if (process.env.CI === 'true') throw new Error(missing);
  console.error(`SKIPPED: ${missing}`);
  return `SKIPPED: ${missing}`;
}

const hasProgram = (program: string): boolean =>
  !spawnSync(program, ['--version'], { stdio: 'ignore' }).error;

export const espeakMissing = (): string | false =>
  skipped(!hasProgram('espeak-ng') && 'espeak-ng is missing (Debian package espeak-ng)');

export const pocketsphinxMissing = (): string | false =>
  skipped(
    !(hasProgram('pocketsphinx_batch') && existsSync(modelFolder)) &&
      'the recogniser is missing (Debian packages pocketsphinx, pocketsphinx-en-us)',
  );
