/** How a subscription comes to be validated: pure (`reference/event-grid.md` §1, §2). */
import type { Instant } from '../../domain/ids/instant.ts';

/** One handshake; its id and token stand in the validation URL. */
export interface Validation {
  readonly id: string;
  readonly token: string;
  readonly askedAt: Instant;
}

export type ValidationState =
  | {
      readonly state: 'Creating';
      readonly since: Instant;
      /** What the last try came to. */
      readonly reason?: string;
      /** When the first try was made. */
      readonly firstAt?: Instant;
      /** When the next try is due. */
      readonly again?: Instant;
    }
  | { readonly state: 'Succeeded'; readonly since: Instant; readonly validationId: string }
  | {
      readonly state: 'AwaitingManualAction';
      readonly since: Instant;
      readonly reason: string;
      readonly until: Instant;
    }
  | { readonly state: 'Failed'; readonly since: Instant; readonly reason: string };

/** What the endpoint made of the handshake. */
export type HandshakeResult =
  | { readonly result: 'confirmed' }
  /** It took the request and left the answer to a GET of the validation URL. */
  | { readonly result: 'withheld'; readonly why: string }
  | { readonly result: 'broken'; readonly why: string }
  | { readonly result: 'silent'; readonly why: string };

/** A receiver named in the configuration often starts later than the server. */
export type Patience = 'configured' | 'requested';

export const manualWindowMs = 10 * 60_000;
const againMs = 5_000;
const patienceMs: Readonly<Record<Patience, number>> = { configured: 10 * 60_000, requested: againMs };

export type ValidationInput =
  | {
      readonly input: 'answered';
      readonly validation: Validation;
      readonly answer: HandshakeResult;
      readonly patience: Patience;
    }
  /** A GET of the validation URL. */
  | { readonly input: 'granted'; readonly validation: Validation }
  | { readonly input: 'time' };

export function nextState(current: ValidationState, input: ValidationInput, now: Instant): ValidationState {
  switch (input.input) {
    case 'granted':
      return succeeded(current, input.validation, now);
    case 'time':
      if (current.state !== 'AwaitingManualAction' || now < current.until) return current;
      return {
        state: 'Failed',
        since: now,
        reason: `The validation URL was not opened within ${manualWindowMs / 60_000} minutes. ${current.reason}`,
      };
    case 'answered':
      return answered(current, input, now);
  }
}

/** When `{ input: 'time' }` or another try is due. */
export function wakeAt(state: ValidationState): Instant | undefined {
  if (state.state === 'Creating') return state.again;
  return state.state === 'AwaitingManualAction' ? state.until : undefined;
}

function succeeded(current: ValidationState, { id }: Validation, now: Instant): ValidationState {
  return current.state === 'Succeeded' && current.validationId === id
    ? current
    : { state: 'Succeeded', since: now, validationId: id };
}

function answered(
  current: ValidationState,
  { validation, answer, patience }: ValidationInput & { readonly input: 'answered' },
  now: Instant,
): ValidationState {
  // The receiver may open the URL before it answers the request that carried it.
  if (current.state === 'Succeeded' && current.validationId === validation.id) return current;
  if (answer.result === 'confirmed') return succeeded(current, validation, now);
  const reason = answer.why;
  if (answer.result === 'withheld') {
    return { state: 'AwaitingManualAction', since: now, reason, until: validation.askedAt + manualWindowMs };
  }
  const firstAt = (current.state === 'Creating' ? current.firstAt : undefined) ?? validation.askedAt;
  const again = now + againMs;
  const retried = answer.result === 'silent' || patience === 'configured';
  if (current.state !== 'Creating' || !retried || validation.askedAt >= firstAt + patienceMs[patience]) {
    return { state: 'Failed', since: now, reason };
  }
  return { state: 'Creating', since: current.since, reason, firstAt, again };
}
