import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/408',
  story: 'A client sends the head of a request and never the rest.',
  observer: 'http',
  needs: ['settings'],
  settings: `
limits:
  bodyTimeout: 300ms
`,
  async play(stage) {
    return (await stage.dribble('/calling/callConnections')).observed;
  },
};
