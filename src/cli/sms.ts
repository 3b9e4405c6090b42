import * as api from './admin-api.ts';
import { type Command, jsonOption, required, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson } from './table.ts';

export const command: Command = {
  name: 'sms',
  operands: 'TEXT',
  count: { least: 1, most: 1 },
  about: 'A simulated handset texts one of your numbers.',
  options: {
    from: { value: 'NUMBER', required: true, says: 'the handset, such as +14255550123' },
    to: { value: 'NUMBER', required: true, says: 'one of your numbers, such as +18005550100' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const [from, to] = [required(given, 'from', command), required(given, 'to', command)];
    const sent = await api.sms(findDoor(given), { from, to, text: given.operands[0] ?? '' });
    out.line(given.isSet('json') ? asJson(sent) : `${from} texts ${to}`);
    return 0;
  },
};
