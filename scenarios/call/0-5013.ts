import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/5013',
  story: 'An application calls two phones at once, and both are busy.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call(['+15005554860', '+15005554861']);
    return call.event('CallDisconnected');
  },
};
