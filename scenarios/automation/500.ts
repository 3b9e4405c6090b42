import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/500',
  story: 'The connection to the store is gone when a repeatable request is looked up.',
  observer: 'http',
  needs: ['faults'],
  async play(stage) {
    await stage.breakPart('store-lost');
    const body = stage.app.createBody('+15005552000');
    const headers = {
      'repeatability-request-id': '6f1c1d2e-7b3a-4c55-9e0f-3a2b1c4d5e6f',
      'repeatability-first-sent': new Date().toUTCString(),
    };
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body, headers }))
      .observed;
  },
};
