import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/404/8522',
  story: 'An application asks for a call that never was.',
  observer: 'http',
  async play(stage) {
    const path = '/calling/callConnections/00000000-0000-4000-8000-000000000000';
    return (await stage.app.request({ method: 'GET', path })).observed;
  },
};
