import * as api from './admin-api.ts';
import { type Command, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';

export const command: Command = {
  name: 'reset',
  operands: '',
  count: { least: 0, most: 0 },
  about:
    'Ends all calls and forgets calls, events and rate windows, as between two tests. Subscriptions stay.',
  options: serverOptions,
  run: async (given, out) => {
    await api.reset(findDoor(given));
    out.line('Calls and events are forgotten.');
    return 0;
  },
};
