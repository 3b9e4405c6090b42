import * as api from './admin-api.ts';
import { type Command, jsonOption, required, serverOptions, wholeNumber } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson } from './table.ts';

export const command: Command = {
  name: 'token',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'A user access token for quick trials. The token alone goes to the standard output.',
  options: {
    user: { value: 'ID', required: true, says: 'the user, by raw id (8:acs:…) or by a name of your own' },
    scopes: { value: 'A,B', says: 'chat, voip, chat.join, chat.join.limited, voip.join (default chat,voip)' },
    minutes: { value: 'N', says: 'life, at most 1440, which is the default' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const user = required(given, 'user', command);
    const scopes = (given.text('scopes') ?? 'chat,voip').split(/[\s,]+/).filter((scope) => scope !== '');
    const minutes = wholeNumber(given, 'minutes', [1, 1440]) ?? 1440;
    const issued = await api.token(findDoor(given), { user, scopes, minutes });
    if (given.isSet('json')) out.line(asJson(issued));
    else {
      out.line(issued.token);
      out.note(`For ${issued.user}: ${scopes.join(', ')}, until ${issued.expiresOn}.`);
    }
    return 0;
  },
};
