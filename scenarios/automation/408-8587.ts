import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/408/8587',
  story: 'A call is offered to an application that takes the event and does nothing.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, subscribe, pass }) {
    await subscribe('takes');
    const call = await app.call('+18005550103');
    await app.incoming();
    await pass('120s');
    return call.event('CreateCallFailed');
  },
};
