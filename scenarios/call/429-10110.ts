import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/429/10110',
  story: 'A call goes on for longer than the server lets any call last.',
  observer: 'event',
  needs: ['clock', 'settings'],
  settings: 'limits:\n  maxCallDuration: 60s\n',
  async play({ app, pass }) {
    const call = await app.call('+15005552000');
    await call.event('CallConnected');
    await pass('60s');
    return call.event('CallDisconnected');
  },
};
