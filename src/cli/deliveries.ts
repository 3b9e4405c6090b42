import type { Delivery, Json } from '../app/ports/store.ts';
import * as api from './admin-api.ts';
import { type Command, jsonOption, serverOptions, wholeNumber } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, clockTime, columns, cut } from './table.ts';
import { wrap } from './wrap.ts';

type Fields = { readonly [key: string]: Json | undefined };
const fields = (value: Json): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function receiver(to: Json): string {
  const { url, name } = fields(to);
  return typeof name === 'string'
    ? `subscription ${name}`
    : typeof url === 'string'
      ? url
      : 'unknown receiver';
}

export function renderDelivery({ entry, state, attempts }: Delivery): string {
  const { type } = fields(entry.event);
  const lines = attempts.map(({ at, status, detail, durationMs }) => {
    const left = `  ${clockTime(at)}  ${status ?? '---'}  ${`${durationMs} ms`.padStart(8)}  `;
    return left + wrap(detail, { width: columns - left.length, indent: ' '.repeat(left.length) });
  });
  return [cut(`${String(type ?? 'event')} to ${receiver(entry.to)}: ${state}`), ...lines].join('\n');
}

export const command: Command = {
  name: 'deliveries',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'Events owed to webhooks and subscriptions, newest first, with every attempt to deliver them.',
  options: {
    call: { value: 'ID', says: 'of one call' },
    limit: { value: 'N', says: 'how many at most (default 20)' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const callId = given.text('call');
    const limit = wholeNumber(given, 'limit', [1, 1000]) ?? 20;
    const found = await api.deliveries(findDoor(given), {
      limit,
      ...(callId === undefined ? {} : { callId }),
    });
    const text = found.map(renderDelivery).join('\n');
    out.line(given.isSet('json') ? asJson(found) : text === '' ? 'Nothing was owed to anybody.' : text);
    return 0;
  },
};
