import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/401/7508',
  story: 'A user token is used where only services may call.',
  observer: 'http',
  async play(stage) {
    const credentials = { authorization: `Bearer ${await stage.userToken()}` };
    return (
      await stage.app.request({ method: 'GET', path: '/calling/callConnections/x', credentials, https: true })
    ).observed;
  },
};
