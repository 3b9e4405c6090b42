import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/504',
  story: 'A subscription is validated against an endpoint that never answers.',
  observer: 'http',
  needs: ['settings'],
  settings: `
outbound:
  answerWithin: 400ms
`,
  async play(stage) {
    const subscription = { name: 'silent', endpoint: await stage.endpoint('silent') };
    await stage.admin({ method: 'POST', path: '/ringback/v1/subscriptions', body: subscription });
    return (await stage.admin({ method: 'POST', path: '/ringback/v1/subscriptions/silent:validate' }))
      .observed;
  },
};
