import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/200/0',
  story: 'A phone is called and answers.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call('+15005552000');
    return call.event('CallConnected');
  },
};
