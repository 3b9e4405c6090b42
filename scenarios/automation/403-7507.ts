import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/403/7507',
  story: 'A call is offered to one resource and answered by another.',
  observer: 'http',
  needs: ['settings'],
  settings: `
resources:
  - { name: dev, id: 2fd14f97-5cf0-45a2-a59b-45a43541727c, keys: [DEVELOPMENT_KEY], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: [OTHER_KEY], admin: false }
`,
  async play(stage) {
    await stage.subscribe('takes');
    await stage.app.call('+18005550102');
    const context = await stage.app.incoming();
    return (await stage.other.tryAnswer(context)).observed;
  },
};
