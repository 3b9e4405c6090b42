import { aboutParticipants, phoneModel } from '../automation/participant-request.ts';
import { connected, endingCall } from '../automation/transfer-request.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/5300',
  story: 'An application takes back the invitation of a phone that still rings.',
  observer: 'event',
  async play(stage) {
    const call = await connected(stage);
    const participantToAdd = phoneModel('+15005551800');
    const added = await aboutParticipants(stage, call, 'add', { participantToAdd });
    const { invitationId } = added.body as { invitationId: string };
    await stage.reached(call, /\+15005551800 rings/);
    await aboutParticipants(stage, call, 'cancelAddParticipant', { invitationId });
    return endingCall(call, await call.event('CancelAddParticipantSucceeded'));
  },
};
