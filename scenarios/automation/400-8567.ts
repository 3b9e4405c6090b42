import type { Scenario } from '../scenario.ts';
import { talkingTo, textSource, tryPlay, withSpeech } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8567',
  story:
    'A call is set up with a speech provider that is not linked to the resource, and is to say something.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage, undefined, withSpeech(stage.speechProvider('hears-nothing')));
    return endingCall(call, (await tryPlay(call, textSource('Good morning.'))).observed);
  },
};
