import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/400/8523',
  story: 'An application gives a callback address that is no address.',
  observer: 'http',
  async play(stage) {
    const body = stage.app.createBody('+15005552000', { callbackUri: 'not a url' });
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
