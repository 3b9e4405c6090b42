import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson } from './table.ts';

function notReady(body: unknown): readonly string[] {
  const { not } = (typeof body === 'object' && body !== null ? body : {}) as { not?: unknown };
  return Array.isArray(not) ? not.map(String) : [];
}

export const command: Command = {
  name: 'health',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'Whether the server is ready: exit code 0, else 1 and what is not.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const door = findDoor(given);
    const { status, body } = await api.ready(door);
    const ready = status === 200;
    const missing = notReady(body);
    const what = missing.length > 0 ? `: ${missing.join('; ')}` : ` (HTTP ${status})`;
    out.line(
      given.isSet('json') ? asJson(body) : ready ? `Ready at ${door.origin.origin}.` : `Not ready${what}.`,
    );
    return ready ? 0 : 1;
  },
};
