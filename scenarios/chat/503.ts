import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'chat/503',
  story: 'The store is locked by another program while a message is sent.',
  observer: 'http',
  needs: ['faults'],
  async play(stage) {
    const alice = await stage.chatter('alice');
    const path = `${await alice.thread()}/messages`;
    await stage.breakPart('store-locked');
    const reply = await alice.request({ method: 'POST', path, body: { content: 'is anybody there?' } });
    await stage.mend('store-locked');
    return reply.observed;
  },
};
