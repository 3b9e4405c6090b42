import type { Scenario } from '../scenario.ts';
import { embeddedSpeech, play, talkingTo, textSource, withSpeech } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8582',
  story: 'An application has a text of nothing but blanks said.',
  observer: 'event',
  async play(stage) {
    const call = await talkingTo(stage, undefined, withSpeech(embeddedSpeech));
    await play(call, textSource('   '));
    return endingCall(call, await call.event('PlayFailed'));
  },
};
