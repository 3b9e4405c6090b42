import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/501',
  story: 'A tool asks for a simulated handset on a server that was started without the simulated SMSC.',
  observer: 'http',
  needs: ['settings'],
  settings: 'sms: { simulated: false }',
  async play(stage) {
    const body = { from: '+15005620000', to: '+18005550100', text: 'hello' };
    return (await stage.admin({ method: 'POST', path: '/ringback/v1/sms', body })).observed;
  },
};
