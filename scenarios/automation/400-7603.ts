import type { Scenario } from '../scenario.ts';
import { answeredInCall, strangeUser, userModel } from './participant-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/7603',
  story: 'An application mutes a user of another resource who is not in the call.',
  observer: 'http',
  play: (stage) => answeredInCall(stage, 'mute', { targetParticipants: [userModel(strangeUser)] }),
};
