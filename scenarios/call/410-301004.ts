import { ownUser, withClient } from '../automation/participant-request.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/410/301004',
  story: 'An application calls a user whose client accepts, and no audio of it ever comes.',
  observer: 'event',
  needs: ['clock'],
  async play(stage) {
    const carol = ownUser('carol');
    await withClient(stage, carol, 'accepts-mute');
    const call = await stage.app.call(carol);
    await call.event('CallConnected');
    await stage.pass('20s');
    return call.event('CallDisconnected');
  },
};
