import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/400/8528',
  story: 'An application ends a call twice.',
  observer: 'http',
  async play(stage) {
    const call = await stage.app.call('+15005552000');
    await call.event('CallConnected');
    await call.terminate();
    return (await call.terminate()).observed;
  },
};
