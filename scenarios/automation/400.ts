import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/400',
  story: 'A request names no api-version.',
  observer: 'http',
  async play(stage) {
    const path = '/calling/callConnections/x';
    return (await stage.app.request({ method: 'GET', path, apiVersion: false })).observed;
  },
};
