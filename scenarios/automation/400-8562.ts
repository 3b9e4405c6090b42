import type { Scenario } from '../scenario.ts';
import { startRecording, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

const phones = [0, 1, 2, 3, 4, 5].map((last) => `+1500555200${last}`);

export const scenario: Scenario = {
  row: 'automation/400/8562',
  story: 'A call of six phones is to be recorded with a channel for each.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage, phones);
    for (const number of phones) await stage.reached(call, new RegExp(`\\${number} is connected`));
    const asked = startRecording(stage, call, { recordingChannelType: 'unmixed' });
    return endingCall(call, (await asked).observed);
  },
};
