/** From the carrier to the handset: the first final receipt of each part counts, whatever comes after it. */
import { verdictOf, withoutText } from './carrier-words.ts';
import type { Draft } from './draft.ts';
import type { Fact } from './facts.ts';
import type { Input } from './inputs.ts';

/** Receipts that change nothing and are still written down, of one message. */
const ignoredKept = 20;

type ReceiptFact = Extract<Fact, { fact: 'receipt-came' }>;

export function decideReceipt(
  draft: Draft,
  { segment, carrier, receipt }: Extract<Input, { input: 'receipt' }>,
): void {
  const { state } = draft;
  const before = state.segments[segment - 1];
  if (!before) return;
  const { raw, state: said, error } = receipt;
  const fact = (rest: Pick<ReceiptFact, 'heed' | 'trouble' | 'detail'>): ReceiptFact => ({
    fact: 'receipt-came',
    segment,
    carrier,
    raw: withoutText(raw),
    ...(said === undefined ? {} : { state: said }),
    ...(error === undefined ? {} : { error }),
    ...rest,
  });
  const final = before.state === 'delivered' || before.state === 'failed';
  if (state.phase === 'ended' || final) {
    const detail = final ? `the part was ${before.state} already` : 'the message had ended';
    if (state.ignored < ignoredKept) draft.add(fact({ heed: 'ignored', detail }));
    return;
  }
  const route = state.message.routes.find((one) => one.carrier === carrier);
  const verdict = verdictOf(receipt, carrier, route);
  if (verdict === 'intermediate') {
    draft.add(fact({ heed: 'intermediate' }));
    return;
  }
  draft.add(fact({ heed: 'final', ...(verdict === 'delivered' ? {} : { trouble: verdict }) }));
  endOfReceipts(draft);
}

/** The message has ended when every part has; one part that failed is enough for it to have failed. */
export function endOfReceipts(draft: Draft): void {
  const { state } = draft;
  if (state.phase !== 'sent' || state.segments.some((one) => one.state === 'taken')) return;
  const failed = state.segments.find((one) => one.state === 'failed');
  if (failed) draft.end(failed);
  else
    draft.end({
      situation: 'delivered@reporting',
      detail: `${state.segments.length} of ${state.segments.length} parts`,
    });
}

/** What is known by now has to do. */
export function decideTick(draft: Draft): void {
  const { state, at } = draft;
  if (state.phase === 'ended' || at < state.message.reportDue) return;
  const failed = state.segments.find((one) => one.state === 'failed');
  if (failed) {
    draft.end(failed);
    return;
  }
  const seconds = Math.round((state.message.reportDue - state.message.acceptedAt) / 1000);
  if (state.phase === 'sent') {
    const detail = `no final receipt came within ${seconds} s of its acceptance`;
    draft.end({ situation: 'report-time-out@reporting', detail });
    return;
  }
  const carriers = state.routes.map(({ carrier }) => carrier).join(', ');
  const detail = `none of its carriers (${carriers}) took all of it within ${seconds} s of its acceptance`;
  draft.end({ situation: 'never-taken@submitting', detail });
}
