import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/403/7504',
  story: 'The application that is offered a call forbids it.',
  observer: 'event',
  async play({ app, subscribe }) {
    await subscribe('takes');
    const call = await app.call('+18005550102');
    await app.reject(await app.incoming(), 'forbidden');
    return call.event('CreateCallFailed');
  },
};
