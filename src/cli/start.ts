import type { ServeFlags } from '../main.ts';
import { type Command, type Given, oneOf, wholeNumber } from './command.ts';

const texts = ['data', 'host', 'https-port', 'http-port', 'sip-port', 'clock'] as const;
const switches = ['memory', 'allow-http-callbacks'] as const;

export function serveFlags(given: Given): ServeFlags {
  for (const port of ['https-port', 'http-port', 'sip-port']) wholeNumber(given, port, [0, 65_535]);
  oneOf(given, 'clock', ['real', 'manual'] as const);
  const config = given.text('config');
  return {
    ...(config === undefined ? {} : { config }),
    json: given.isSet('json'),
    settings: Object.fromEntries([
      ...texts.flatMap((option) => (given.isSet(option) ? [[option, given.text(option)] as const] : [])),
      ...switches.flatMap((option) => (given.isSet(option) ? [[option, true] as const] : [])),
    ]),
  };
}

export const command: Command = {
  name: 'start',
  operands: '',
  count: { least: 0, most: 0 },
  about:
    'Runs the server until it is stopped (Ctrl-C drains, a second one ends at once). Flags win over RINGBACK_* variables, and these over ringback.yaml. Port 0 picks a free one.',
  options: {
    config: { value: 'FILE', says: 'configuration (default ringback.yaml, where there is one)' },
    data: { value: 'DIR', says: 'data directory (default .ringback)' },
    memory: { says: 'keep calls and events in memory only' },
    host: { value: 'H', says: 'address to bind to (default localhost)' },
    'https-port': { value: 'N', says: 'port of HTTPS (default 8443)' },
    'http-port': { value: 'N', says: 'port of plain HTTP (default 8080)' },
    'sip-port': { value: 'N', says: 'port of SIP over UDP and TCP (default 5060)' },
    clock: { value: 'real|manual', says: 'a manual clock moves by "ringback clock advance" only' },
    'allow-http-callbacks': { says: 'accept http:// webhooks on loopback' },
    json: { says: 'one JSON line when ready, JSON log lines after it' },
  },
  run: async (given) => {
    const flags = serveFlags(given);
    const { serve } = await import('../main.ts');
    await serve(flags);
    return 0;
  },
};
