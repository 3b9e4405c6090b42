import { param } from '../../wire/sip/params.ts';
import { parseUri, unescapeUser } from '../../wire/sip/uri.ts';

/** RFC 3966 3: characters that are only there to be looked at. */
const visual = /[-.() ]/g;

/**
 * The E.164 number of a `sip:`, `sips:` or `tel:` URI, with its plus sign; `undefined` when it names none.
 * Eight to fifteen digits that do not start with 0 are an international number whose plus sign was left out.
 */
export function numberOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  if (!parsed) return undefined;
  if (parsed.scheme !== 'tel') {
    // RFC 3261 19.1.6: a telephone-subscriber as user part may carry parameters of its own.
    return international(unescapeUser(parsed.user).split(';')[0]!);
  }
  const context = param(parsed.params, 'phone-context');
  const local = !parsed.number.startsWith('+') && context?.startsWith('+');
  return international(local ? `${context}${parsed.number}` : parsed.number);
}

function international(written: string): string | undefined {
  const number = written.replace(visual, '');
  if (/^\+\d{1,15}$/.test(number)) return number;
  return /^[1-9]\d{7,14}$/.test(number) ? `+${number}` : undefined;
}

/** The number that was called; the user part where it is none. */
export function calledNumber(requestUri: string): string {
  const parsed = parseUri(requestUri);
  const number = numberOf(requestUri);
  if (number !== undefined || !parsed) return number ?? requestUri;
  return parsed.scheme === 'tel' ? parsed.number : unescapeUser(parsed.user);
}
