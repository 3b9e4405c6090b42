import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/426',
  story: 'A bearer token is sent over plain HTTP.',
  observer: 'http',
  async play(stage) {
    const credentials = { authorization: `Bearer ${await stage.userToken()}` };
    return (await stage.app.request({ method: 'GET', path: '/calling/callConnections/x', credentials }))
      .observed;
  },
};
