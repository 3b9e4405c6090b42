import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'chat/401',
  story: 'A user goes on with a token whose time is over.',
  observer: 'http',
  needs: ['clock'],
  async play(stage) {
    const alice = await stage.chatter('alice', { minutes: 60 });
    const thread = await alice.thread();
    await stage.pass('61m');
    return (await alice.request({ method: 'GET', path: thread })).observed;
  },
};
