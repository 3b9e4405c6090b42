import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/408/8586',
  story: 'A call is offered to an application whose webhook never accepts the event.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, subscribe, pass }) {
    await subscribe('refuses');
    const call = await app.call('+18005550103');
    await pass('120s');
    return call.event('CreateCallFailed');
  },
};
