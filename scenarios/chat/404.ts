import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'chat/404',
  story: 'Somebody who was added later asks for a message from before.',
  observer: 'http',
  async play(stage) {
    const alice = await stage.chatter('alice');
    const bob = await stage.chatter('bob');
    const thread = await alice.thread();
    const message = await alice.say(thread, 'before he came');
    const participants = [{ communicationIdentifier: { communicationUser: { id: bob.id } } }];
    await alice.request({ method: 'POST', path: `${thread}/participants/:add`, body: { participants } });
    return (await bob.request({ method: 'GET', path: message })).observed;
  },
};
