import type { Advanced } from '../app/ports/administration.ts';
import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions, UsageError } from './command.ts';
import { readDuration } from './duration.ts';
import { findDoor } from './server-file.ts';
import { asJson, cut } from './table.ts';

export function renderAdvanced({ now, fired, busy }: Advanced): string {
  return [
    ...fired.map(({ at, what }) => cut(`  ${at}  ${what}`)),
    `It is ${now}; ${fired.length === 0 ? 'nothing fell due' : `${fired.length} fell due`}.`,
    ...(busy && busy.length > 0
      ? [`Stopped early: the server did not become quiet. Still busy: ${busy.join(', ')}.`]
      : []),
  ].join('\n');
}

export const command: Command = {
  name: 'clock',
  operands: '[advance DURATION]',
  count: { least: 0, most: 2 },
  about:
    'What time it is for the server, or moves a manual clock: 500ms, 90s, 2m, 1h30m. Says what fell due.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const [verb, duration] = given.operands;
    const json = given.isSet('json');
    if (verb === undefined) {
      const reading = await api.clock(findDoor(given));
      out.line(json ? asJson(reading) : `It is ${reading.now} (${reading.mode} clock).`);
      return 0;
    }
    if (verb !== 'advance' || duration === undefined) {
      throw new UsageError('"ringback clock" takes nothing, or advance DURATION, such as 90s.');
    }
    const ms = readDuration(duration);
    const advanced = await api.advance(findDoor(given), ms);
    out.line(json ? asJson(advanced) : renderAdvanced(advanced));
    return advanced.busy && advanced.busy.length > 0 ? 1 : 0;
  },
};
