import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/404',
  story: 'A request goes to a path that no API has.',
  observer: 'http',
  async play(stage) {
    return (await stage.app.request({ method: 'GET', path: '/calling/nothing' })).observed;
  },
};
