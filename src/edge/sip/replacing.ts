import type { Reply } from '../../wire/sip/format.ts';
import type { Request } from '../../wire/sip/message.ts';
import { replacedBy } from '../../wire/sip/refer.ts';
import type { InboundCall } from './api.ts';
import type { Calls } from './calls.ts';

export type Replacing =
  | { readonly refusal: Reply }
  | { readonly replaces: NonNullable<InboundCall['replaces']> }
  | undefined;

/** The call that an INVITE asks to take the place of, or why it cannot (RFC 3891 3). */
export function replacing(invite: Request, calls: Calls): Replacing {
  const replaced = replacedBy(invite);
  if (replaced === undefined) return undefined;
  if (replaced === 'malformed') return { refusal: { status: 400, reason: 'Bad Replaces' } };
  const call = calls.named(replaced);
  // An early dialog can be replaced only by the side that placed the call.
  if (!call || call.stage === 'ringing-here') return { refusal: { status: 481 } };
  if (call.stage === 'over') return { refusal: { status: 603 } };
  if (call.stage === 'up' && replaced.earlyOnly) return { refusal: { status: 486 } };
  return { replaces: { key: call.key, earlyOnly: replaced.earlyOnly } };
}
