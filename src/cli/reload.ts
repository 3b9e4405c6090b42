import * as api from './admin-api.ts';
import { type Command, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';

export const command: Command = {
  name: 'reload',
  operands: '',
  count: { least: 0, most: 0 },
  about:
    'Has the server read its configuration again. Numbers, trunks, routes and destinations change at once, live calls go on; where anything else differs, nothing is taken over and the keys are named. SIGHUP does the same.',
  options: serverOptions,
  run: async (given, out) => {
    const { changed } = await api.reload(findDoor(given));
    out.line(changed.length === 0 ? 'Nothing differs.' : `Taken over: ${changed.join(', ')}.`);
    return 0;
  },
};
