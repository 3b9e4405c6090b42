/** Bodies at the door: JSON, then a decoder of `wire/rest`, then the refusal that names the field. */
import { type RequestCause, refuse } from '../../app/desks/refusals.ts';
import type { Decoded, Fault } from '../../wire/rest/decoded.ts';
import { parseJson } from '../../wire/rest/json-text.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, type Reply, refusal } from './exchange.ts';

export type Bodies = <T>(
  x: Exchange,
  decode: (body: unknown) => Decoded<T>,
) => { readonly ok: T } | { readonly reply: Reply };

/** `cause`: what a wrong field is in an API that has another row for it than Call Automation. */
export function createBodies(
  { clock, log }: Pick<HttpDependencies, 'clock' | 'log'>,
  cause: RequestCause = 'invalid-argument',
): Bodies {
  const noted = new Set<string>();
  const noteOnce = (operation: string, field: string): void => {
    const known = `${operation} ${field}`;
    // Bounded: field names come from outside.
    if (noted.has(known) || noted.size >= 1000) return;
    noted.add(known);
    log.note('a field that no official model has is ignored', { operation, field: field.slice(0, 100) });
  };
  const refused = ({ kind, message }: Fault): { readonly reply: Reply } => ({
    reply: refusal(refuse(kind === 'invalid' ? cause : kind, clock.now(), message)),
  });
  return (x, decode) => {
    const body = parseJson(x.body);
    if ('fault' in body) return refused(body.fault);
    const decoded = decode(body.ok);
    if ('fault' in decoded) return refused(decoded.fault);
    for (const field of decoded.ignored) noteOnce(x.operation?.name ?? x.path, field);
    return decoded;
  };
}
