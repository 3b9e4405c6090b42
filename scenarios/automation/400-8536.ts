import type { Scenario } from '../scenario.ts';
import { fileSource, play, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8536',
  story: 'An application plays a file that is not where it says.',
  observer: 'event',
  async play(stage) {
    const call = await talkingTo(stage);
    await play(call, fileSource(stage.audio('missing.wav')));
    return endingCall(call, await call.event('PlayFailed'));
  },
};
