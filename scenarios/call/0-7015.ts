import { askTransfer, connected } from '../automation/transfer-request.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/7015',
  story: 'An application transfers the phone it talks to, and the target answers.',
  observer: 'event',
  async play(stage) {
    const call = await connected(stage);
    await askTransfer(stage, call, '+15005552010');
    const left = await call.event('CallDisconnected');
    // The target hangs up by itself, and with it ends what the two phones had to say.
    await stage.pass('2s');
    return left;
  },
};
