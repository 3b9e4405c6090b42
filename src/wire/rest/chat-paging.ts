/** Where a page begins and where the next one is: `maxPageSize`, `skip`, `syncState`, and absolute links made of them. */
import { invalid, type Taken } from './decoded.ts';

export interface ChatQuery {
  readonly size?: number;
  readonly skip: number;
  /** The text that `syncState` was made of. */
  readonly state?: string;
}

const whole = (name: string, least: number, value: string | null): Taken<number | undefined> => {
  if (value === null || value === '') return { ok: undefined };
  return /^\d{1,9}$/.test(value) && Number(value) >= least
    ? { ok: Number(value) }
    : invalid(
        name,
        `It must be a whole number from ${least} on and is ${JSON.stringify(value.slice(0, 40))}.`,
      );
};

/** Hexadecimal, as the service writes it. */
export function encodeSyncState(state: string): string {
  return Array.from(new TextEncoder().encode(state), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function decodeSyncState(value: string | null): Taken<string | undefined> {
  if (value === null || value === '') return { ok: undefined };
  if (!/^(?:[0-9a-f]{2}){1,400}$/.test(value))
    return invalid('syncState', 'It is not one that was given out here.');
  const bytes = (value.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return { ok: new TextDecoder().decode(Uint8Array.from(bytes)) };
}

export function decodePage(query: URLSearchParams): Taken<ChatQuery> {
  const size = whole('maxPageSize', 1, query.get('maxPageSize'));
  if ('fault' in size) return size;
  const skip = whole('skip', 0, query.get('skip'));
  if ('fault' in skip) return skip;
  const state = decodeSyncState(query.get('syncState'));
  if ('fault' in state) return state;
  return {
    ok: {
      skip: skip.ok ?? 0,
      ...(size.ok === undefined ? {} : { size: size.ok }),
      ...(state.ok === undefined ? {} : { state: state.ok }),
    },
  };
}

/** The same address with the parameters of the next page. `origin`: as the client reached us. */
export function nextLink(
  origin: string,
  path: string,
  query: URLSearchParams,
  next: Readonly<Record<string, string>>,
): string {
  const params = new URLSearchParams({ ...Object.fromEntries(query), ...next });
  return `${origin}${path}?${params.toString()}`;
}
