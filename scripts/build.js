// Compiles src and scenarios to dist for the published package: Node strips no types under node_modules. The folders
// keep their places, so that what finds another file by its relative path finds it there too.
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
  // npm pack prints the tarball's name on standard output, which is ours here.
  stdio: ['ignore', 2, 2],
  shell: process.platform === 'win32',
});
if (status === 0) copyFileSync(join(root, 'package.json'), join(root, 'dist', 'package.json'));
process.exitCode = status ?? 1;
