/** The commands, loaded when they are asked for. */
import type { Command } from './command.ts';

export interface Listed {
  readonly says: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

export const commands = {
  start: { says: 'run the server', load: () => import('./start.ts') },
  codes: { says: 'the catalogue of response codes', load: () => import('./codes-command.ts') },
  explain: {
    says: 'what a code means, why a call ended, or what became of a chat message',
    load: () => import('./explain.ts'),
  },
  reproduce: { says: 'bring a response code about for real', load: () => import('./reproduce.ts') },
  calls: { says: 'recent calls', load: () => import('./calls.ts') },
  call: {
    says: "one call's timeline, as text, sequence diagram or capture file",
    load: () => import('./call.ts'),
  },
  dial: { says: 'a simulated phone dials one of your numbers', load: () => import('./dial.ts') },
  sms: { says: 'a simulated handset texts one of your numbers', load: () => import('./sms.ts') },
  token: { says: 'a user access token for quick trials', load: () => import('./token.ts') },
  subscribe: { says: 'send events to a webhook', load: () => import('./subscribe.ts') },
  subscriptions: {
    says: 'event subscriptions and why they are (not) valid',
    load: () => import('./subscriptions.ts'),
  },
  deliveries: {
    says: 'events owed and every attempt to deliver them',
    load: () => import('./deliveries.ts'),
  },
  numbers: { says: 'the numbers this server owns', load: () => import('./numbers.ts') },
  trunks: { says: 'the SIP trunks it routes to; watch them', load: () => import('./trunks.ts') },
  carriers: {
    says: 'the SMS carriers it sends texts to, and whether it is bound',
    load: () => import('./carriers.ts'),
  },
  reload: { says: 'take over changed numbers, trunks and routes', load: () => import('./reload.ts') },
  reset: { says: 'forget calls and events, as between two tests', load: () => import('./reset.ts') },
  clock: { says: "the server's time; move a manual clock", load: () => import('./clock.ts') },
  faults: { says: 'break parts of the server and mend them', load: () => import('./faults.ts') },
  health: { says: 'whether the server is ready (exit code)', load: () => import('./health.ts') },
  'connection-string': { says: 'the connection string', load: () => import('./connection-string.ts') },
  ca: { says: 'the local CA and how to trust it', load: () => import('./ca.ts') },
  cert: { says: 'a certificate for your webhook', load: () => import('./cert.ts') },
  clean: { says: 'delete the data of a stopped server', load: () => import('./clean.ts') },
  diagnose: { says: 'explain exported Azure logs (later)', load: () => import('./diagnose.ts') },
} as const satisfies Record<string, Listed>;

export type CommandName = keyof typeof commands;

export const isCommand = (text: string): text is CommandName => Object.hasOwn(commands, text);
