/** `ringback trunks watch` as a process of its own, read line by line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { until } from '../../scenarios/stage/wait.ts';
import { developmentKey } from '../../src/config/development.ts';
import type { Ringback } from '../../src/testing.ts';

const ringback = fileURLToPath(new URL('../../bin/ringback.js', import.meta.url));

export interface Watch {
  readonly child: ChildProcess;
  /** The next line that was not given out yet, without its time. */
  line(): Promise<string>;
  /** Ctrl-C, and the code it exits with. */
  interrupt(): Promise<number | null>;
}

export function watchTrunks({ httpEndpoint }: Ringback, ...flags: readonly string[]): Watch {
  const connectionString = `endpoint=${httpEndpoint};accesskey=${developmentKey}`;
  const args = [ringback, 'trunks', 'watch', '--connection-string', connectionString, ...flags];
  const child = spawn(process.execPath, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  let given = 0;
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return {
    child,
    line: () =>
      until('a line', async () => {
        const lines = text.split('\n').slice(0, -1);
        const line = lines[given];
        if (line === undefined) return { notYet: `there were ${JSON.stringify(lines)}` };
        given += 1;
        return { is: line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/, '') };
      }),
    async interrupt() {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = await exited;
      return code;
    },
  };
}
