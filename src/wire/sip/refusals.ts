/** Requests that are refused, or answered, whatever call they are for. */
import { acceptSdp, allow, supportedWith, unsupported } from './call.ts';
import type { Reply } from './format.ts';
import type { Request } from './message.ts';
import { hasForeignBody } from './sdp-body.ts';
import { type SessionPolicy, tooBrief } from './session-timer.ts';

/** RFC 3261 15.1.2, RFC 3311 5.2, RFC 3262 3: outside a dialog they are owed 481. */
export const insideOnly: ReadonlySet<string> = new Set(['BYE', 'UPDATE', 'PRACK', 'NOTIFY', 'INFO']);

/** What is wrong with a request whatever it is for. */
export function refusalOf(request: Request, policy: SessionPolicy): Reply | undefined {
  const required = unsupported(request, policy);
  if (required !== undefined) return { status: 420, headers: [{ name: 'Unsupported', value: required }] };
  // RFC 3261 8.2.2.1.
  if (!/^(?:sips?|tel):/i.test(request.uri)) return { status: 416 };
  return undefined;
}

/** What keeps an INVITE from becoming a call. */
export function inviteRefusal(request: Request, policy: SessionPolicy, stopping: boolean): Reply | undefined {
  // RFC 3261 8.2.3.
  if (hasForeignBody(request)) return { status: 415, headers: [acceptSdp] };
  if (stopping) return { status: 503 };
  return tooBrief(request, policy);
}

/** The answer to a request that belongs to no call and makes none. */
export function outsideDialog(request: Request, policy: SessionPolicy, stopping: boolean): Reply {
  // RFC 3261 11.2.
  if (request.method === 'OPTIONS') {
    return { status: stopping ? 503 : 200, headers: [allow, acceptSdp, supportedWith(policy)] };
  }
  // RFC 3515 2.4.2: calls are referred, not endpoints.
  if (request.method === 'REFER') return { status: 603 };
  return { status: 405, headers: [allow] };
}
