import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, table } from './table.ts';

export const command: Command = {
  name: 'numbers',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'The numbers this server owns, and how many live calls show each.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const numbers = await api.numbers(findDoor(given));
    const rows = numbers.map(({ number, resource, kind, origin, liveCalls, maxConcurrentCalls, blocked }) => [
      number,
      resource,
      kind,
      origin,
      `${liveCalls}${maxConcurrentCalls === undefined ? '' : ` of ${maxConcurrentCalls}`}`,
      blocked ? 'blocked' : '',
    ]);
    out.line(
      given.isSet('json')
        ? asJson(numbers)
        : table(['NUMBER', 'RESOURCE', 'KIND', 'ORIGIN', 'LIVE CALLS', ''], rows),
    );
    return 0;
  },
};
