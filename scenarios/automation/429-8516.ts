import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/429/8516',
  story: 'An application places calls faster than its resource may.',
  observer: 'http',
  needs: ['settings'],
  settings: `
limits:
  createCallsPerSecond: 1
`,
  async play(stage) {
    await stage.app.call('+15005552000');
    const body = stage.app.createBody('+15005552001');
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
