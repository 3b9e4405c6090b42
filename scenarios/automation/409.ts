import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/409',
  story: 'A subscription is made under a name that another has.',
  observer: 'http',
  async play(stage) {
    const subscription = { name: 'twice', endpoint: await stage.endpoint('broken') };
    await stage.admin({ method: 'POST', path: '/ringback/v1/subscriptions', body: subscription });
    const other = { ...subscription, endpoint: await stage.endpoint('silent') };
    return (await stage.admin({ method: 'POST', path: '/ringback/v1/subscriptions', body: other })).observed;
  },
};
