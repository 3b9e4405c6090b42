import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/500/9999',
  story: 'The disk of the store is full when a call is placed.',
  observer: 'http',
  needs: ['faults'],
  async play(stage) {
    await stage.breakPart('store-full');
    const body = stage.app.createBody('+15005552000');
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
