import type { RequestCause } from '../../../app/desks/refusals.ts';
import type { Administration } from '../../../app/ports/administration.ts';
import type { Bodies } from '../decoding.ts';
import { type Exchange, queryOf, type Reply } from '../exchange.ts';
import type { Operation } from '../operation.ts';

export interface AdminContext {
  readonly admin: Administration;
  readonly policy: { readonly allowHttpCallbacks: boolean };
  readonly bodies: Bodies;
  readonly no: (cause: RequestCause, detail: string) => Reply;
}

/** By path below `/ringback/v1/`, then by method. */
export type Routes = Readonly<Record<string, Partial<Record<Operation['method'], Operation['run']>>>>;

export const param = (x: Exchange, at = 0): string => x.params[at] ?? '';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

/** `?limit=`, or the refusal that names it. */
export function limitOf(
  x: Exchange,
  { no }: AdminContext,
): { readonly ok: number } | { readonly reply: Reply } {
  const text = queryOf(x).get('limit');
  if (text === null) return { ok: DEFAULT_LIMIT };
  const limit = Number(text);
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= MAX_LIMIT) return { ok: limit };
  return {
    reply: no(
      'invalid-argument',
      `The field limit is invalid. It must be a whole number from 1 to ${MAX_LIMIT}.`,
    ),
  };
}
