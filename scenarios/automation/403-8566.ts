import type { Scenario } from '../scenario.ts';
import { answeredInCall, phoneModel } from './participant-request.ts';
import { phone } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/403/8566',
  story: 'An application ends the mute of somebody else, as previews of the API had it.',
  observer: 'http',
  play: (stage) => answeredInCall(stage, 'unmute', { targetParticipants: [phoneModel(phone)] }),
};
