import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/413',
  story: 'A request is larger than any call needs.',
  observer: 'http',
  async play(stage) {
    const body = stage.app.createBody('+15005552000', { operationContext: 'x'.repeat(2_000_000) });
    return (await stage.app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
