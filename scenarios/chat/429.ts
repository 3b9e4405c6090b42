import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'chat/429',
  story: 'A user tells with every key pressed that it types.',
  observer: 'http',
  async play(stage) {
    const alice = await stage.chatter('alice');
    const path = `${await alice.thread()}/typing`;
    for (let keys = 0; keys < 5; keys += 1) await alice.request({ method: 'POST', path, body: {} });
    return (await alice.request({ method: 'POST', path, body: {} })).observed;
  },
};
