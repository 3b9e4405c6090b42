import type { Scenario } from '../scenario.ts';
import { expectAccepted, fileSource, play, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8508',
  story: 'An application cancels what it plays.',
  observer: 'event',
  async play(stage) {
    const call = await talkingTo(stage);
    await play(call, fileSource(stage.audio('60s.wav')));
    await call.event('PlayStarted');
    expectAccepted(await call.ask('cancelAllMediaOperations'));
    return endingCall(call, await call.event('PlayCanceled'));
  },
};
