import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/503',
  story: 'The server is told to stop while a call is up.',
  observer: 'event',
  needs: ['restart', 'settings'],
  settings: `
drainTimeout: 0s
`,
  async play({ app, beginStop }) {
    const call = await app.call('+15005552000');
    await call.event('CallConnected');
    await beginStop();
    return call.event('CallDisconnected');
  },
};
