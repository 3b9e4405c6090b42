import { bracketed } from '../../wire/sip/uri.ts';
import type { Header } from '../sip/api.ts';

const longest = 300;

/** Tells who was refused why, in a 488 (RFC 3261 20.43). Parts of `why` are the far end's own. */
export function mediaWarning(host: string, why: string): Header {
  const text = why.slice(0, longest).replaceAll(/[^\x20-\x7e]|["\\]/g, '?');
  return { name: 'Warning', value: `399 ${bracketed(host)} "${text}"` };
}
