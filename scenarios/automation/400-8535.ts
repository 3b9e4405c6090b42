import type { Scenario } from '../scenario.ts';
import { fileSource, play, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8535',
  story: 'An application plays an MP3 file.',
  observer: 'event',
  async play(stage) {
    const call = await talkingTo(stage);
    await play(call, fileSource(stage.audio('song.mp3')));
    return endingCall(call, await call.event('PlayFailed'));
  },
};
