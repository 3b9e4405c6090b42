import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions, UsageError } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, table } from './table.ts';
import { watchTrunks } from './watch-trunks.ts';

export const command: Command = {
  name: 'trunks',
  operands: '[watch]',
  count: { least: 0, most: 1 },
  about:
    'The SIP trunks this server routes to, whether they answer, and which numbers go there.\nwatch asks each second and prints a line for every change of health or of the number of live calls, until Ctrl-C; with --json a line of JSON.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const [verb] = given.operands;
    if (verb !== undefined && verb !== 'watch')
      throw new UsageError(`"ringback trunks" takes watch or nothing, not "${verb}".`);
    const door = findDoor(given);
    if (verb === 'watch') return watchTrunks(door, out, given.isSet('json'));
    const trunks = await api.trunks(door);
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
