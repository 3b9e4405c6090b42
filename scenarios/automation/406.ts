import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/406',
  story: 'A client accepts no JSON.',
  observer: 'http',
  async play(stage) {
    const headers = { accept: 'application/xml' };
    return (await stage.app.request({ method: 'GET', path: '/calling/callConnections/x', headers })).observed;
  },
};
