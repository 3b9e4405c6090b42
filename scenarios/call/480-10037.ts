import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/480/10037',
  story: 'An application calls a user for whom nothing listens.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call('8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_00000000-nobody');
    return call.event('CreateCallFailed');
  },
};
