import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/5010',
  story: 'An application calls two phones at once; both answer and hang up again by themselves.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, pass, reached }) {
    const phones = ['+15005552010', '+15005552011'];
    const call = await app.call(phones);
    for (const number of phones) await reached(call, new RegExp(`\\${number} is connected`));
    await pass('2s');
    return call.event('CallDisconnected');
  },
};
