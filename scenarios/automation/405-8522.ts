import type { Scenario } from '../scenario.ts';
import { talkingTo, textSource, tryPlay } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/405/8522',
  story: 'A call is set up without a speech provider and is to say something.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage);
    return endingCall(call, (await tryPlay(call, textSource('Good morning.'))).observed);
  },
};
