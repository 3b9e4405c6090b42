import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/540000',
  story: 'A phone calls us, is answered, and hangs up.',
  observer: 'event',
  async play({ app, subscribe, dial, pass }) {
    await subscribe('takes');
    await dial({ from: '+15551230000', to: '+18005550100', for: '5s' });
    const call = await app.answer(await app.incoming());
    await call.event('CallConnected');
    await pass('5s');
    return call.event('CallDisconnected');
  },
};
