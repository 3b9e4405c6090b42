import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/403/510403',
  story: 'An application calls out showing a number that its resource does not own.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call('+15005552000', { from: '+18005559999' });
    return call.event('CreateCallFailed');
  },
};
