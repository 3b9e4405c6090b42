import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'chat/400',
  story: 'A user sends a message larger than a message may be.',
  observer: 'http',
  async play(stage) {
    const alice = await stage.chatter('alice');
    const thread = await alice.thread();
    const body = { content: 'x'.repeat(28 * 1024 + 1) };
    return (await alice.request({ method: 'POST', path: `${thread}/messages`, body })).observed;
  },
};
