/** What follows from an input: facts, and nothing else. A message that has ended only takes note. */
import type { Instant } from '../ids/instant.ts';
import { decideReceipt, decideTick } from './decide-receipt.ts';
import {
  decideAnswered,
  decideResume,
  decideSubmit,
  type InputOf,
  type RetryPolicy,
} from './decide-submit.ts';
import { Draft } from './draft.ts';
import type { Fact } from './facts.ts';
import type { Input } from './inputs.ts';
import type { SmsMessage, Trouble } from './message.ts';

/** Our own reasons not to send it, in the order in which they are looked at. */
function policyFault({ message, standing }: InputOf<'accept'>): Trouble | undefined {
  const { from, to } = message;
  const { optedOut, entitled, unverifiedAbove, volumeAbove, quotaAbove } = standing;
  if (optedOut)
    return { situation: 'opted-out@accepting', detail: `${to} has opted out of texts from ${from.address}` };
  if (!entitled)
    return { situation: 'not-entitled@accepting', detail: `${from.address} is marked entitled: false` };
  if (unverifiedAbove !== undefined)
    return { situation: 'toll-free-unverified@accepting', detail: unverifiedAbove };
  if (volumeAbove !== undefined) return { situation: 'volume-above-rule@accepting', detail: volumeAbove };
  if (quotaAbove !== undefined) return { situation: 'quota-used-up@accepting', detail: quotaAbove };
  if (message.routes.length === 0)
    return { situation: 'no-route@accepting', detail: `no route takes ${from.kind} senders to ${to}` };
  return undefined;
}

function decideAccept(draft: Draft, input: InputOf<'accept'>): void {
  draft.add({ fact: 'message-accepted', message: input.message });
  const fault = policyFault(input);
  if (fault) draft.end(fault);
}

export function decide(
  state: SmsMessage | undefined,
  input: Input,
  at: Instant,
  policy: RetryPolicy,
): readonly Fact[] {
  const draft = new Draft(state, at);
  switch (input.input) {
    case 'accept':
      decideAccept(draft, input);
      break;
    case 'submit':
      decideSubmit(draft, input);
      break;
    case 'answered':
      decideAnswered(draft, input, policy);
      break;
    case 'receipt':
      decideReceipt(draft, input);
      break;
    case 'resume':
      decideResume(draft);
      break;
    case 'tick':
      decideTick(draft);
      break;
  }
  return draft.facts;
}
