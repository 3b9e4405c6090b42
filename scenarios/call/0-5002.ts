import { accepted, phoneModel } from '../automation/participant-request.ts';
import { connected, phone } from '../automation/transfer-request.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/5002',
  story: 'An application removes the only other participant of its call.',
  observer: 'event',
  async play(stage) {
    const call = await connected(stage);
    await accepted(stage, call, 'remove', { participantToRemove: phoneModel(phone) });
    return call.event('CallDisconnected');
  },
};
