import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/401',
  story: 'A request carries no credentials.',
  observer: 'http',
  async play(stage) {
    return (
      await stage.app.request({ method: 'GET', path: '/calling/callConnections/x', credentials: 'none' })
    ).observed;
  },
};
