import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/487/0',
  story: 'An application gives up while the phone it calls still rings.',
  observer: 'event',
  async play({ app, reached }) {
    const call = await app.call('+15005551800');
    await reached(call, /180 Ringing/);
    await call.hangUp();
    return call.event('CallDisconnected');
  },
};
