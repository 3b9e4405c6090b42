import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';

/** An application that is offered a call turns it down; the application that placed it is told. */
export function applicationRejects(
  row: LiveRow,
  reason: 'none' | 'busy' | 'forbidden',
  story: string,
): Scenario {
  return {
    row,
    story,
    observer: 'event',
    async play({ app, subscribe }) {
      await subscribe('takes');
      const call = await app.call('+18005550102');
      await app.reject(await app.incoming(), reason);
      return call.event('CreateCallFailed');
    },
  };
}
