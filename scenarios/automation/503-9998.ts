import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/503/9998',
  story: 'A call is placed while the server drains.',
  observer: 'http',
  needs: ['restart', 'settings'],
  settings: `
drainTimeout: 3s
`,
  async play(stage) {
    const call = await stage.app.call('+15005552000');
    await call.event('CallConnected');
    await stage.beginStop();
    const body = stage.app.createBody('+15005552001');
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
