import type { Scenario } from '../scenario.ts';
import { recognise } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

/** Answers and never sends audio. */
const mute = '+15005554100';

export const scenario: Scenario = {
  row: 'automation/400/8513',
  story: 'A phone is asked to press a key, and not one packet of audio comes from it.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, pass }) {
    const call = await app.call(mute);
    await call.event('CallConnected');
    await recognise(call, mute, 'dtmf', {
      initialSilenceTimeoutInSeconds: 5,
      dtmfOptions: { maxTonesToCollect: 1 },
    });
    await pass('5s');
    return endingCall(call, await call.event('RecognizeFailed'));
  },
};
