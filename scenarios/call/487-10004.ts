import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/487/10004',
  story: 'A phone rings and nobody picks it up.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, reached, pass }) {
    const call = await app.call('+15005551800');
    await reached(call, /180 Ringing/);
    await pass('115s');
    return call.event('CreateCallFailed');
  },
};
