/** The composition root of the `ringback` command: configuration in, a running server out. */
import { existsSync, readFileSync } from 'node:fs';
import type { Config } from './config/config.ts';
import { describeProblems, parseConfig } from './config/parse-config.ts';
import { jsonLines } from './edge/records/log-lines.ts';
import { openAuthority } from './edge/tls/authority.ts';
import { peopleLog } from './main/people-log.ts';
import { startServer } from './main/server.ts';

/** The flags of `ringback start`, as given; absent ones are left to the environment and the file. */
export interface ServeFlags {
  readonly config?: string;
  readonly json?: boolean;
  readonly settings: Readonly<Record<string, string | boolean | undefined>>;
}

const defaultFile = 'ringback.yaml';

function readConfig(flags: ServeFlags): ReturnType<typeof parseConfig> {
  const file =
    flags.config ?? process.env.RINGBACK_CONFIG ?? (existsSync(defaultFile) ? defaultFile : undefined);
  return parseConfig({
    env: process.env,
    flags: flags.settings,
    ...(file === undefined ? {} : { file, yamlText: readFileSync(file, 'utf8') }),
  });
}

/** Runs until it is told to stop: the first signal drains, the second kills. Rejects with words for people. */
export async function serve(flags: ServeFlags): Promise<void> {
  const parsed = readConfig(flags);
  if ('problems' in parsed) throw new Error(describeProblems(parsed.problems));
  const { config } = parsed;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const readAgain = (): Config | string => {
    const again = readConfig(flags);
    return 'problems' in again ? describeProblems(again.problems) : again.config;
  };
  const server = await startServer({
    readAgain,
    config,
    directory: config.data,
    log: flags.json ? jsonLines(print) : peopleLog(print),
  });
  const { ready } = server;
  if (flags.json) print(JSON.stringify(ready));
  else {
    print(`Ringback is ready.

  endpoint           ${ready.endpoint}  (plain: ${ready.httpEndpoint})
  connection string  ${ready.connectionString}
  SIP                ${ready.sip.udp} over UDP and TCP
  clock              ${ready.clock}
`);
  }
  await new Promise<void>((resolve) => {
    let told = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (told) process.exit(signal === 'SIGINT' ? 130 : 143);
      told = true;
      if (!flags.json) print('Stopping: no new calls; live ones may end. Once more kills.');
      server.stop().then(resolve, (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        process.exit(1);
      });
    };
    process.on('SIGHUP', () => {
      server.reload().then(
        (reloaded) =>
          print(
            'refused' in reloaded
              ? `Not reloaded: ${reloaded.refused}`
              : `Reloaded: ${reloaded.changed.join(', ') || 'nothing differs'}.`,
          ),
        (error: unknown) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`),
      );
    });
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** A leaf certificate of the local CA, for one's own webhook. */
export async function issueCertificate(
  directory: string,
  names: readonly string[],
): Promise<{ readonly cert: string; readonly key: string }> {
  return (await openAuthority({ directory })).issueCertificate(names);
}
