import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/502',
  story: 'A subscription is validated against an endpoint that answers nonsense.',
  observer: 'http',
  async play(stage) {
    const subscription = { name: 'broken', endpoint: await stage.endpoint('broken') };
    await stage.admin({ method: 'POST', path: '/ringback/v1/subscriptions', body: subscription });
    return (await stage.admin({ method: 'POST', path: '/ringback/v1/subscriptions/broken:validate' }))
      .observed;
  },
};
