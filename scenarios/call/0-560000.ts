import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/560000',
  story: 'A phone answers and hangs up by itself.',
  observer: 'event',
  async play({ app, pass }) {
    const call = await app.call('+15005552010');
    await call.event('CallConnected');
    await pass('2s');
    return call.event('CallDisconnected');
  },
};
