import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/405/8520',
  story: 'An application asks to call as a Teams application, which this server does not do.',
  observer: 'http',
  async play(stage) {
    const body = stage.app.createBody('+15005552000', {
      teamsAppSource: { appId: 'b0a7e9d2-5a3b-4d1e-8f6c-2b9d7a4e1c35' },
    });
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
