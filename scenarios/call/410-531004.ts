import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/410/531004',
  story: 'A phone answers and never sends a packet of audio.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, pass }) {
    const call = await app.call('+15005554100');
    await call.event('CallConnected');
    await pass('20s');
    return call.event('CallDisconnected');
  },
};
