/** Who we say that calls, in the headers of an INVITE towards a trunk. */
import { bracketed } from '../../wire/sip/uri.ts';
import type { Header } from '../sip/api.ts';
import type { Trunk } from './trunk.ts';

/** `to`: a number, or the raw id of a user, whose colons would end it (RFC 3261 19.1.2). */
export function trunkUri(trunk: Trunk, to: string): string {
  const user = isNumber(to) ? to : encodeURIComponent(to);
  return `sip:${user}@${bracketed(trunk.host)}:${trunk.port}${trunk.protocol === 'tcp' ? ';transport=tcp' : ''}`;
}

const isNumber = (number: string): boolean => number.startsWith('+');

export function callerUri(number: string, ownHost: string): string {
  // RFC 3323 4.1.1.3.
  if (!isNumber(number)) return 'sip:anonymous@anonymous.invalid';
  return `sip:${number}@${bracketed(ownHost)}`;
}

/** RFC 3325 9.1: asserted among those who trust each other only, which a trunk's setting says. RFC 3323 4.2: privacy asked for. */
export function identityHeaders(
  { assertedIdentity }: Trunk,
  number: string,
  ownHost: string,
): readonly Header[] {
  if (!isNumber(number)) return [{ name: 'Privacy', value: 'id' }];
  return assertedIdentity ? [{ name: 'P-Asserted-Identity', value: `<${callerUri(number, ownHost)}>` }] : [];
}
