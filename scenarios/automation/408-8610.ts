import type { Scenario } from '../scenario.ts';
import { accepted, ownUser, userModel } from './participant-request.ts';
import { connected, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/408/8610',
  story: 'An application invites a user into its call; the application that is told of it makes no answer.',
  observer: 'event',
  needs: ['clock'],
  async play(stage) {
    await stage.subscribe('takes');
    const call = await connected(stage);
    await accepted(stage, call, 'add', { participantToAdd: userModel(ownUser('carol')) });
    await stage.app.incoming();
    await stage.pass('120s');
    return endingCall(call, await call.event('AddParticipantFailed'));
  },
};
