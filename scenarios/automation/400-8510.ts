import type { Scenario } from '../scenario.ts';
import { recognise, talkingTo } from './media-actions.ts';
import { endingCall, phone } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8510',
  story: 'A phone is asked to press a key, and nobody does.',
  observer: 'event',
  needs: ['clock'],
  async play(stage) {
    const call = await talkingTo(stage);
    await recognise(call, phone, 'dtmf', {
      initialSilenceTimeoutInSeconds: 5,
      dtmfOptions: { maxTonesToCollect: 1 },
    });
    await stage.pass('5s');
    return endingCall(call, await call.event('RecognizeFailed'));
  },
};
