import type { Scenario } from '../scenario.ts';
import { answeredInCall, strangeUser, userModel } from './participant-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/7602',
  story: 'An application brings a user of another resource into its call.',
  observer: 'http',
  play: (stage) => answeredInCall(stage, 'add', { participantToAdd: userModel(strangeUser) }),
};
