import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/404/511404',
  story: 'An application calls a number of the server that nobody holds.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call('+18005550195');
    return call.event('CreateCallFailed');
  },
};
