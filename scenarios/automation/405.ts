import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/405',
  story: 'A request uses a method that the path does not have.',
  observer: 'http',
  async play(stage) {
    return (await stage.app.request({ method: 'PUT', path: '/calling/callConnections', body: {} })).observed;
  },
};
