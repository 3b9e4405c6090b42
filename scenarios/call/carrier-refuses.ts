import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';

/** A phone whose network answers INVITE with this final response: the number says so (`+1500555 SSS N`). */
export function carrierRefuses(row: LiveRow, status: number, story: string): Scenario {
  return {
    row,
    story,
    observer: 'event',
    async play({ app }) {
      const call = await app.call(`+1500555${status}0`);
      return call.event('CreateCallFailed');
    },
  };
}
