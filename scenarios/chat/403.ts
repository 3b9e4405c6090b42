import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'chat/403',
  story: "A user edits somebody else's message.",
  observer: 'http',
  async play(stage) {
    const alice = await stage.chatter('alice');
    const bob = await stage.chatter('bob');
    const message = await alice.say(await alice.thread([bob]), 'mine');
    return (await bob.request({ method: 'PATCH', path: message, body: { content: 'his' } })).observed;
  },
};
