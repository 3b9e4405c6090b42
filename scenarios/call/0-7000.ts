import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/7000',
  story: 'An application hangs up a phone that had answered.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call('+15005552000');
    await call.event('CallConnected');
    await call.hangUp();
    return call.event('CallDisconnected');
  },
};
