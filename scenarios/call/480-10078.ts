import { ownUser, withClient } from '../automation/participant-request.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/480/10078',
  story: 'An application calls a user whose client is registered and gives no sign of life.',
  observer: 'event',
  needs: ['clock'],
  async play(stage) {
    const carol = ownUser('carol');
    await withClient(stage, carol, 'plays-dead');
    const call = await stage.app.call(carol);
    await stage.reached(call, /INVITE/);
    await stage.pass('32s');
    return call.event('CreateCallFailed');
  },
};
