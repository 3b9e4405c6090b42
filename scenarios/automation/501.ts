import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/501',
  story: 'A tool asks for a simulated handset, which comes with SMS and is not served yet.',
  observer: 'http',
  play: async (stage) => (await stage.admin({ method: 'POST', path: '/ringback/v1/sms', body: {} })).observed,
};
