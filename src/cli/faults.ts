import type { Fault } from '../app/ports/administration.ts';
import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions, UsageError } from './command.ts';
import { nearest } from './nearest.ts';
import { findDoor } from './server-file.ts';
import { asJson, table } from './table.ts';

const faults: Readonly<Record<Fault, string>> = {
  'store-locked': "another connection holds the database's lock",
  'store-full': 'the database may not grow',
  'store-lost': 'the database connection is closed',
  'media-stopped': 'the media process is stopped',
  'media-killed': 'the media process is killed',
  'media-deaf': 'no packet reaches the media process',
};

const names = Object.keys(faults) as readonly Fault[];

function faultNamed(text: string): Fault {
  const fault = names.find((name) => name === text);
  if (fault) return fault;
  const near = nearest(text, names);
  throw new UsageError(
    `There is no fault "${text}".${near === undefined ? ` There are ${names.join(', ')}.` : ` Did you mean ${near}?`}`,
  );
}

export const command: Command = {
  name: 'faults',
  operands: '[break NAME | mend [NAME]]',
  count: { least: 0, most: 2 },
  about: `Breaks real parts of the server, to see what comes of it: ${names.join(', ')}. "mend" alone mends all.`,
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const [verb, name] = given.operands;
    if (verb !== undefined && verb !== 'break' && verb !== 'mend') {
      throw new UsageError(`"ringback faults" takes break NAME or mend [NAME], not "${verb}".`);
    }
    if (verb === 'break' && name === undefined)
      throw new UsageError(`"ringback faults break" needs NAME: ${names.join(', ')}.`);
    const fault = name === undefined ? undefined : faultNamed(name);
    const door = findDoor(given);
    if (verb === 'break' && fault) await api.breakPart(door, fault);
    if (verb === 'mend') await api.mend(door, fault);
    const broken = await api.faults(door);
    const rows = names.map((each) => [each, broken.includes(each) ? 'broken' : '-', faults[each]]);
    out.line(given.isSet('json') ? asJson(broken) : table(['FAULT', 'NOW', 'WHAT IT DOES'], rows));
    return 0;
  },
};
