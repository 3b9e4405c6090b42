/** From the queue to the carrier: parts go out, answers come back, what failed is tried again or elsewhere. */

import { type Refusal, refusalOf } from './carrier-words.ts';
import { endOfReceipts } from './decide-receipt.ts';
import type { Draft } from './draft.ts';
import type { Answer, Input } from './inputs.ts';
import { count, isSubmittable, type Submittable, type Trouble } from './message.ts';

export interface RetryPolicy {
  /** On one carrier, the first one included. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled before each that follows, up to `longest`. */
  readonly first: number;
  readonly longest: number;
}

export type InputOf<K extends Input['input']> = Extract<Input, { input: K }>;

/** Parts that can go out now: none while an earlier part of the same try has failed. */
export function decideSubmit(draft: Draft, { carrier, room, optedOut }: InputOf<'submit'>): void {
  const before = draft.state;
  if (!isSubmittable(before)) return;
  if (optedOut && count(before.segments, 'waiting') === before.segments.length) {
    const detail = `${before.message.to} has opted out of texts from ${before.message.from.address}`;
    draft.end({ situation: 'opted-out@submitting', detail });
    return;
  }
  if (before.phase === 'submitting' && failedInThisTry(before)) return;
  // The carriers before it are down: for this message they are done with.
  const at = before.routes.findIndex((route) => route.carrier === carrier);
  if (at > 0) draft.add({ fact: 'carrier-changed', routes: before.routes.slice(at) });
  let left = room;
  for (const [i, segment] of before.segments.entries()) {
    if (segment.state !== 'waiting' || left === 0) continue;
    draft.add({ fact: 'segment-submitted', segment: i + 1, carrier });
    left -= 1;
  }
}

const failedInThisTry = ({ segments }: Submittable): boolean =>
  segments.some((one) => one.state === 'failed' || (one.state === 'waiting' && one.after !== undefined));

function refusalOfAnswer(carrier: string, answer: Exclude<Answer, { kind: 'accepted' }>): Refusal {
  if (answer.kind === 'refused') return refusalOf(carrier, answer.status);
  const detail = `carrier ${carrier} did not answer submit_sm: ${answer.why}`;
  return { situation: 'bind-lost@submitting', detail, lasting: false };
}

export function decideAnswered(
  draft: Draft,
  { segment, carrier, answer }: InputOf<'answered'>,
  policy: RetryPolicy,
): void {
  const before = draft.state.segments[segment - 1];
  if (draft.state.phase === 'ended' || before?.state !== 'pending') {
    const detail = `${answer.kind} by carrier ${carrier}, when the part was ${before?.state} and the message ${draft.state.phase}`;
    draft.add({ fact: 'answer-ignored', segment, detail });
    return;
  }
  if (answer.kind === 'accepted') {
    const { carrierMessageId } = answer;
    draft.add({ fact: 'segment-taken', segment, carrier, carrierMessageId });
  } else {
    draft.add({ fact: 'segment-refused', segment, carrier, ...refusalOfAnswer(carrier, answer) });
  }
  settle(draft, carrier, policy);
}

/** Once no part is pending, the try is over: sent, tried again, tried elsewhere, or given up. */
function settle(draft: Draft, carrier: string, policy: RetryPolicy): void {
  const { state } = draft;
  if (state.phase === 'sent') {
    withoutReceipts(draft, carrier);
    return;
  }
  if (state.phase !== 'submitting' || count(state.segments, 'pending') > 0) return;
  const refused = state.segments.find((one) => one.state === 'failed');
  if (refused) {
    draft.end(refused);
    return;
  }
  const failed = state.segments.flatMap((one) =>
    one.state === 'waiting' && one.after ? [one.after] : [],
  )[0];
  if (!failed) return;
  const tries = state.tries + 1;
  if (tries < policy.tries) {
    const wait = Math.min(policy.longest, policy.first * 2 ** (tries - 1));
    draft.add({ fact: 'retry-planned', tries, dueAt: draft.at + wait });
    return;
  }
  const routes = state.routes.slice(1);
  if (routes.length > 0) {
    draft.add({ fact: 'carrier-changed', routes });
    return;
  }
  draft.end(spent(failed, tries));
}

const spent = ({ situation, detail }: Trouble, tries: number): Trouble => ({
  situation,
  detail: `${detail}; ${tries} tries were made on the last carrier of its routes`,
});

/** Receipts are not to be had of this carrier: what could be done is done. */
function withoutReceipts(draft: Draft, carrier: string): void {
  const { routes } = draft.state.message;
  if (routes.find((route) => route.carrier === carrier)?.receipts === false) {
    const detail = `carrier ${carrier} took it, and sends no receipts (receipts: none on its route)`;
    draft.end({ situation: 'route-without-receipts@reporting', detail });
    return;
  }
  endOfReceipts(draft);
}

export function decideResume(draft: Draft): void {
  const { state } = draft;
  if (state.phase !== 'submitting') return;
  const segments = state.segments.flatMap((one, i) => (one.state === 'pending' ? [i + 1] : []));
  draft.add({ fact: 'message-resumed', segments });
}
