import type { Scenario } from '../scenario.ts';
import { expectAccepted, startRecording, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8559',
  story: 'An application starts to record a call twice.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage);
    expectAccepted(await startRecording(stage, call));
    return endingCall(call, (await startRecording(stage, call)).observed);
  },
};
