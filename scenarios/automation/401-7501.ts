import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/401/7501',
  story: 'A request carries a bearer token that nobody issued.',
  observer: 'http',
  async play(stage) {
    const credentials = { authorization: 'Bearer not.a.token' };
    return (
      await stage.app.request({ method: 'GET', path: '/calling/callConnections/x', credentials, https: true })
    ).observed;
  },
};
