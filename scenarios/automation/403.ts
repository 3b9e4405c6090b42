import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/403',
  story: 'A resource without the right to administer asks for the list of calls.',
  observer: 'http',
  needs: ['settings'],
  settings: `
resources:
  - { name: dev, id: 2fd14f97-5cf0-45a2-a59b-45a43541727c, keys: [DEVELOPMENT_KEY], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: [OTHER_KEY], admin: false }
`,
  async play(stage) {
    return (await stage.other.request({ method: 'GET', path: '/ringback/v1/calls' })).observed;
  },
};
