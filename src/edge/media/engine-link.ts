/** One engine, as the media host reaches it: in a child process, or in this one. */
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MediaEngine } from './engine/engine.ts';
import type { Command, EngineSettings, Report } from './messages.ts';

export interface LinkHandlers {
  report(report: Report): void;
  /** Told once, when nothing more will come; `why` is for people. */
  gone(why: string): void;
}

export interface EngineLink {
  readonly pid: number | undefined;
  send(command: Command): void;
  /** False where there is no process to send it to. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): boolean;
  /** Ends the engine and resolves when it is gone. */
  close(): Promise<void>;
}

export type OpenLink = (settings: EngineSettings, handlers: LinkHandlers) => EngineLink;

/** A child that has not left by itself this long after its channel closed is killed. */
const patienceMs = 1000;
const keptErrorOutput = 1000;

/**
 * Where this process caches what it compiles, so does the child: the types are then stripped from the engine's
 * source once, which spares each child a WebAssembly module (23 MB of memory, 80 ms).
 */
const sharedCache = (): readonly string[] => {
  const folder = getCompileCacheDir();
  if (folder === undefined) return [];
  // The last part names the Node version; the child adds it again.
  const script = `import m from 'node:module';m.enableCompileCache(${JSON.stringify(dirname(folder))})`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
};

/** An engine in a child process. */
export const forkEngine: OpenLink = (settings, handlers) => {
  // `.ts` in a clone, `.js` in the published package.
  const entry = fileURLToPath(new URL(`./process${extname(import.meta.url)}`, import.meta.url));
  const child: ChildProcess = fork(entry, [JSON.stringify(settings)], {
    // Not this process's own flags: a debugger's port cannot be opened twice.
    execArgv: [...sharedCache()],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errorOutput = '';
  child.stderr?.on('data', (text: Buffer) => {
    errorOutput = (errorOutput + text.toString()).slice(-keptErrorOutput);
  });
  let gone = false;
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const end = (why: string): void => {
    if (gone) return;
    gone = true;
    leave();
    const said = errorOutput.trim();
    handlers.gone(said === '' ? why : `${why}: ${said}`);
  };
  child.on('message', (report) => handlers.report(report as Report));
  child.on('error', (error) => {
    // A process that could not be started has no `exit`; any other error is followed by one.
    if (child.pid === undefined) end(`the media process could not be started: ${error.message}`);
  });
  // Not `close`: it does not come where we have disconnected.
  child.on('exit', (code, signal) => {
    const why =
      signal === null ? `the media process ended with code ${code}` : `the media process ended by ${signal}`;
    if (child.stderr?.closed === false) child.stderr.once('close', () => end(why));
    else end(why);
  });
  return {
    pid: child.pid,
    send: (command) => {
      if (child.connected) child.send(command, () => {});
    },
    signal: (signal) => child.kill(signal),
    close: async () => {
      if (child.connected) child.disconnect();
      const killing = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await left;
      clearTimeout(killing);
    },
  };
};

/** An engine in this process, behind the same messages: for tests that need no process to die. */
export const localEngine: OpenLink = (settings, handlers) => {
  let seq = 0;
  let open = true;
  const engine = new MediaEngine(settings, (said) => {
    const report = structuredClone({ ...said, seq: ++seq });
    setImmediate(() => open && handlers.report(report));
  });
  setImmediate(() => open && handlers.report({ kind: 'ready', seq: ++seq }));
  return {
    pid: undefined,
    send: (command) => {
      const copy = structuredClone(command);
      setImmediate(() => open && engine.handle(copy));
    },
    signal: () => false,
    close: async () => {
      if (!open) return;
      open = false;
      await engine.close();
      handlers.gone('the media engine was closed');
    },
  };
};
