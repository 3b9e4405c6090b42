import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/401/7509',
  story: 'A request is changed after it was signed.',
  observer: 'http',
  async play(stage) {
    const headers = { 'x-ms-date': 'Thu, 01 Jan 1970 00:00:00 GMT' };
    return (await stage.app.request({ method: 'GET', path: '/calling/callConnections/x', headers })).observed;
  },
};
