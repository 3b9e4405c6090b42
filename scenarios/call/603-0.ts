import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/603/0',
  story: 'An application calls a number of the server; the application that is offered the call rejects it.',
  observer: 'event',
  async play({ app, subscribe }) {
    await subscribe('takes');
    const call = await app.call('+18005550102');
    await app.reject(await app.incoming(), 'none');
    return call.event('CreateCallFailed');
  },
};
