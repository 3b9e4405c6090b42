import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/486/8539',
  story: 'The application that is offered a call rejects it as busy.',
  observer: 'event',
  async play({ app, subscribe }) {
    await subscribe('takes');
    const call = await app.call('+18005550102');
    await app.reject(await app.incoming(), 'busy');
    return call.event('CreateCallFailed');
  },
};
