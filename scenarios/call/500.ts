import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/500',
  story: 'The server is killed in mid-call and started again.',
  observer: 'event',
  needs: ['restart'],
  async play({ app, crash }) {
    const call = await app.call('+15005552000');
    await call.event('CallConnected');
    await crash();
    return call.event('CallDisconnected');
  },
};
