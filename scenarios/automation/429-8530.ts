import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/429/8530',
  story: 'A resource has as many calls alive as it may.',
  observer: 'http',
  needs: ['settings'],
  settings: `
limits:
  activeCalls: 1
`,
  async play(stage) {
    await stage.app.call('+15005551800');
    const body = stage.app.createBody('+15005552001');
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
