import type { Scenario } from '../scenario.ts';
import { fileSource, phoneNumber, play, talkingTo } from './media-actions.ts';
import { endingCall, phone } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/412/8583',
  story: 'An application sends keys to a phone that it is playing to.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage);
    const targetParticipant = phoneNumber(phone);
    await play(call, fileSource(stage.audio('60s.wav')), { playTo: [targetParticipant] });
    const asked = call.ask('sendDtmfTones', { tones: ['one'], targetParticipant });
    return endingCall(call, (await asked).observed);
  },
};
