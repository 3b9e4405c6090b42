/** What the door refuses, as chat rules it: its table has rows of its own for the same causes. */
import type { Outcome } from '../../domain/call/outcome.ts';
import { outcome } from '../../domain/chat/outcome.ts';
import { rulings, type Situation } from '../../domain/chat/rulings.ts';

const situations: ReadonlySet<string> = new Set<string>(Object.values(rulings).flat());

/** Causes that the door tells apart and chat does not. */
const sameAs: Readonly<Record<string, Situation>> = {
  'store-unreadable@request': 'store-failed@request',
  'token-invalid@request': 'token-foreign@request',
};

/** A refusal without a row in chat's table keeps its own. */
export function ruledByChat(refused: Outcome): Outcome {
  if (refused.row.startsWith('chat/')) return refused;
  const situation = sameAs[refused.situation] ?? refused.situation;
  if (!situations.has(situation)) return refused;
  const { at, detail } = refused;
  return outcome(situation as Situation, at, detail === undefined ? {} : { detail });
}
