import type { Scenario } from '../scenario.ts';
import { fileSource, recognise, talkingTo } from './media-actions.ts';
import { endingCall, phone } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/500/8511',
  story: 'A phone is to press a key after a prompt that is not where the application says.',
  observer: 'event',
  async play(stage) {
    const call = await talkingTo(stage);
    const playPrompt = fileSource(stage.audio('missing.wav'));
    await recognise(call, phone, 'dtmf', { dtmfOptions: { maxTonesToCollect: 1 } }, { playPrompt });
    return endingCall(call, await call.event('RecognizeFailed'));
  },
};
