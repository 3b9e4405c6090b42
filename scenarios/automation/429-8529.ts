import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/429/8529',
  story: 'A resource has used up its calls of the month.',
  observer: 'http',
  needs: ['settings'],
  settings: `
limits:
  callsPerMonth: 1
`,
  async play(stage) {
    const call = await stage.app.call('+15005552000');
    await call.event('CallConnected');
    const body = stage.app.createBody('+15005552001');
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
