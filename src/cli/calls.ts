import type { ListedCall } from '../app/ports/administration.ts';
import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions, wholeNumber } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, clockTime, table } from './table.ts';

/** A number as it is dialled; a long user id by its two ends. */
function short(party: string): string {
  const name = party.replace(/^4:/, '');
  return name.length > 20 ? `${name.slice(0, 9)}…${name.slice(-10)}` : name;
}

export function renderCalls(calls: readonly ListedCall[]): string {
  if (calls.length === 0) return 'No calls yet.';
  const rows = calls.map((call) => [
    clockTime(call.startedAt),
    call.callId,
    short(call.from),
    short(call.to[0] ?? '') + (call.to.length > 1 ? ` and ${call.to.length - 1}` : ''),
    call.row ?? (call.endedAt === undefined ? 'alive' : 'ended'),
  ]);
  return table(['STARTED (UTC)', 'CALL', 'FROM', 'TO', 'ENDED WITH'], rows);
}

export const command: Command = {
  name: 'calls',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'Recent calls, newest first. "ringback call ID" shows one, "ringback explain ID" says why it ended.',
  options: { limit: { value: 'N', says: 'how many at most (default 20)' }, ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const limit = wholeNumber(given, 'limit', [1, 1000]) ?? 20;
    const calls = await api.calls(findDoor(given), limit);
    out.line(given.isSet('json') ? asJson(calls) : renderCalls(calls));
    return 0;
  },
};
