import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/422',
  story: 'An application routes numbers to a trunk that it has not set.',
  observer: 'http',
  async play(stage) {
    const routes = [{ name: 'Germany', numberPattern: '^\\+49\\d+$', trunks: ['sbc.example.com'] }];
    const path = '/sip?api-version=2023-03-01';
    return (await stage.app.request({ method: 'PATCH', path, body: { routes } })).observed;
  },
};
