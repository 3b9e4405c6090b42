import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/503',
  story: 'More requests wait for the store than the server holds at once.',
  observer: 'http',
  needs: ['faults', 'settings'],
  settings: `
limits:
  concurrentRequests: 1
`,
  async play(stage) {
    await stage.breakPart('store-locked');
    const body = stage.app.createBody('+15005552000');
    const first = stage.app.request({ method: 'POST', path: '/calling/callConnections', body });
    const second = await stage.app.request({ method: 'POST', path: '/calling/callConnections', body });
    await stage.mend('store-locked');
    await first;
    return second.observed;
  },
};
