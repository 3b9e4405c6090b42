import { isIP } from 'node:net';

/** What the server's own certificate always covers; the last name is where recordings are downloaded from. */
export const ownNames: readonly string[] = [
  'localhost',
  '*.localhost',
  '127.0.0.1',
  '::1',
  'ringback.asm.skype.com',
];

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const hostName = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`);

/** Why a certificate cannot be made for this name; undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (isIP(name) !== 0) return undefined;
  if (name.length > 253 || !hostName.test(name))
    return `${JSON.stringify(name)} is neither a host name nor an address`;
  return undefined;
}

/** Without repetitions, in order. */
export const distinct = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => name.toLowerCase())),
];
