import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, table } from './table.ts';

export const command: Command = {
  name: 'trunks',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'The SIP trunks this server routes to, whether they answer, and which numbers go there.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const trunks = await api.trunks(findDoor(given));
    const rows = trunks.map(({ name, kind, target, media, health, why, liveCalls, routes }) => [
      name,
      kind,
      target,
      media,
      why === undefined ? health : `${health} (${why})`,
      String(liveCalls),
      routes.join(' '),
    ]);
    const heads = ['TRUNK', 'KIND', 'TARGET', 'MEDIA', 'HEALTH', 'LIVE', 'ROUTES'];
    out.line(given.isSet('json') ? asJson(trunks) : table(heads, rows));
    return 0;
  },
};
