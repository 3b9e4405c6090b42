/** `ringback trunks watch`: asks each second and tells what changed, until it is interrupted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrunkStatus } from '../app/ports/administration.ts';
import * as api from './admin-api.ts';
import { type ExitCode, Failure, type Out } from './command.ts';
import type { Door } from './server-file.ts';
import { clockTime } from './table.ts';
import { changeLine, type TrunkChange, trunkChanges } from './trunk-changes.ts';

const everyMs = 1000;

/** Ctrl-C, or a reader of the lines that has seen enough. */
function interruption(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  process.stdout.on('error', stop);
  return {
    signal: controller.signal,
    forget: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      process.stdout.off('error', stop);
    },
  };
}

type Look = { readonly trunks: readonly TrunkStatus[] } | { readonly silent: string };

async function look(door: Door): Promise<Look> {
  try {
    return { trunks: await api.trunks(door) };
  } catch (error) {
    if (error instanceof Failure) return { silent: error.message };
    throw error;
  }
}

/** True when the time is over, false when it was cut short. */
const passed = (signal: AbortSignal): Promise<boolean> => sleep(everyMs, true, { signal }).catch(() => false);

export async function watchTrunks(door: Door, out: Out, json: boolean): Promise<ExitCode> {
  const { signal, forget } = interruption();
  const tell = (change: TrunkChange): void => {
    const at = new Date().toISOString();
    out.line(json ? JSON.stringify({ at, ...change }) : `${clockTime(at)}  ${changeLine(change)}`);
  };
  try {
    // Nobody there at the first look: said as any other command says it.
    let known = await api.trunks(door);
    for (const change of trunkChanges([], known)) tell(change);
    let silent = false;
    while (!signal.aborted && (await passed(signal))) {
      const seen = await look(door);
      if ('silent' in seen) {
        if (!silent) tell({ change: 'server-silent', why: seen.silent });
        silent = true;
        continue;
      }
      if (silent) tell({ change: 'server-answers' });
      silent = false;
      for (const change of trunkChanges(known, seen.trunks)) tell(change);
      known = seen.trunks;
    }
    return 0;
  } finally {
    forget();
  }
}
