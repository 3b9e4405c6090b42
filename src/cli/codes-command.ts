import { isTable, tables } from '../codes/search.ts';
import { renderCodes } from './codes.ts';
import { type Command, jsonOption, oneOf } from './command.ts';

export const command: Command = {
  name: 'codes',
  operands: '',
  count: { least: 0, most: 0 },
  about: `Every documented response code with its standing here. Tables: ${tables.join(', ')}.`,
  options: {
    table: { value: 'T', says: 'one surface, or one table of the documentation' },
    search: { value: 'WORDS', says: 'rows that have all the words' },
    ...jsonOption,
  },
  run: (given, out) => {
    const table = oneOf(given, 'table', tables);
    const search = given.text('search');
    out.line(
      renderCodes({
        ...(table !== undefined && isTable(table) ? { table } : {}),
        ...(search === undefined ? {} : { search }),
        json: given.isSet('json'),
      }),
    );
    return 0;
  },
};
