import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, table } from './table.ts';

export const command: Command = {
  name: 'carriers',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'The SMS carriers this server sends texts to, and whether it is bound to them.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const carriers = await api.carriers(findDoor(given));
    const rows = carriers.map(({ name, target, bound, why, pending }) => [
      name,
      target,
      bound ? 'bound' : `not bound (${why ?? 'not yet tried'})`,
      String(pending),
    ]);
    out.line(
      given.isSet('json') ? asJson(carriers) : table(['CARRIER', 'TARGET', 'STATE', 'UNANSWERED'], rows),
    );
    return 0;
  },
};
