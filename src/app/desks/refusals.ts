/** For edges: a request refused at the door, by its cause. The row is chosen by the rulings. */

import { type Outcome, outcome } from '../../domain/call/outcome.ts';
import type { Situation } from '../../domain/call/situations.ts';
import type { Instant } from '../../domain/ids/instant.ts';

type RequestSituation = Extract<Situation, `${string}@request`>;
/** Why a request cannot be served. */
export type RequestCause = RequestSituation extends `${infer Cause}@request` ? Cause : never;

/** `detail` names the field, the limit or the part that differs. */
export function refuse(cause: RequestCause, at: Instant, detail: string): Outcome {
  return outcome(`${cause}@request` as RequestSituation, at, { detail });
}

export type { Outcome } from '../../domain/call/outcome.ts';
