import type { Fact } from './facts.ts';
import { isSubmittable, type Segment, type SmsMessage, type Submittable } from './message.ts';

function withSegment(segments: readonly Segment[], number: number, segment: Segment): readonly Segment[] {
  return segments.map((one, i) => (i === number - 1 ? segment : one));
}

function submittable(state: SmsMessage, fact: Fact): Submittable {
  if (isSubmittable(state)) return state;
  throw new Error(`${fact.fact} of a message that is ${state.phase}`);
}

/** The phase follows from the parts: sent as soon as a carrier has all of them. */
function taken(state: SmsMessage, segments: readonly Segment[]): SmsMessage {
  if (!isSubmittable(state)) return { ...state, segments };
  const all = segments.every(({ state: one }) => one !== 'waiting' && one !== 'pending');
  const { message, ignored } = state;
  return all ? { phase: 'sent', message, ignored, segments } : { ...state, segments };
}

/** The state after a fact. Facts are as `decide` made them, or as the journal has them. */
export function evolve(state: SmsMessage | undefined, fact: Fact): SmsMessage {
  if (fact.fact === 'message-accepted') {
    const { message } = fact;
    const segments = Array.from({ length: message.parts }, (): Segment => ({ state: 'waiting' }));
    const { routes, acceptedAt: dueAt } = message;
    return { phase: 'queued', message, segments, ignored: 0, routes, tries: 0, dueAt };
  }
  if (!state) throw new Error(`${fact.fact} of a message that was never accepted`);
  switch (fact.fact) {
    case 'segment-submitted': {
      const { message, segments, ignored, routes, tries } = submittable(state, fact);
      const pending: Segment = { state: 'pending', carrier: fact.carrier };
      return {
        phase: 'submitting',
        message,
        ignored,
        routes,
        tries,
        segments: withSegment(segments, fact.segment, pending),
      };
    }
    case 'segment-taken': {
      const { carrier, carrierMessageId } = fact;
      return taken(
        state,
        withSegment(state.segments, fact.segment, { state: 'taken', carrier, carrierMessageId }),
      );
    }
    case 'segment-refused': {
      const { situation, detail } = fact;
      const segment: Segment = fact.lasting
        ? { state: 'failed', situation, detail }
        : { state: 'waiting', after: { situation, detail } };
      return { ...state, segments: withSegment(state.segments, fact.segment, segment) };
    }
    case 'retry-planned': {
      const { message, segments, ignored, routes } = submittable(state, fact);
      return { phase: 'queued', message, segments, ignored, routes, tries: fact.tries, dueAt: fact.dueAt };
    }
    case 'carrier-changed': {
      const { message, segments, ignored } = submittable(state, fact);
      return { phase: 'queued', message, segments, ignored, routes: fact.routes, tries: 0, dueAt: 0 };
    }
    case 'message-resumed': {
      const { message, ignored, routes, tries } = submittable(state, fact);
      const segments = state.segments.map(
        (one, i): Segment => (fact.segments.includes(i + 1) ? { state: 'waiting' } : one),
      );
      return { phase: 'queued', message, segments, ignored, routes, tries, dueAt: 0 };
    }
    case 'receipt-came': {
      if (fact.heed === 'intermediate') return state;
      if (fact.heed === 'ignored') return { ...state, ignored: state.ignored + 1 };
      const segment: Segment = fact.trouble ? { state: 'failed', ...fact.trouble } : { state: 'delivered' };
      return taken(state, withSegment(state.segments, fact.segment, segment));
    }
    case 'answer-ignored':
      return state;
    case 'message-ended': {
      const { message, segments, ignored } = state;
      return { phase: 'ended', message, segments, ignored, outcome: fact.outcome };
    }
  }
}
