import * as api from './admin-api.ts';
import { type Command, jsonOption, required, serverOptions, wholeNumber } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson } from './table.ts';

export const command: Command = {
  name: 'dial',
  operands: '',
  count: { least: 0, most: 0 },
  about:
    'A simulated phone dials one of your numbers, over real SIP. "ringback calls" shows what becomes of it.',
  options: {
    from: { value: 'NUMBER', required: true, says: 'the caller, such as +14255550123' },
    to: { value: 'NUMBER', required: true, says: 'the number dialled, such as +18005550100' },
    for: { value: 'SECONDS', says: 'hang up by itself this long after the answer' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const [from, to] = [required(given, 'from', command), required(given, 'to', command)];
    const seconds = wholeNumber(given, 'for', [1, 86_400]);
    const dialled = await api.dial(findDoor(given), {
      from,
      to,
      ...(seconds === undefined ? {} : { forSeconds: seconds }),
    });
    out.line(
      given.isSet('json') ? asJson(dialled) : `${from} dials ${to} (SIP Call-ID ${dialled.sipCallId})`,
    );
    return 0;
  },
};
