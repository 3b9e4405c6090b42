import type { Scenario } from '../scenario.ts';
import { recognise } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

/** Presses 1. */
const pressing = '+15005552040';

export const scenario: Scenario = {
  row: 'automation/400/8532',
  story: 'A phone presses one key of two and then no more.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, reached, pass }) {
    const call = await app.call(pressing);
    await call.event('CallConnected');
    await recognise(call, pressing, 'dtmf', {
      initialSilenceTimeoutInSeconds: 30,
      dtmfOptions: { maxTonesToCollect: 2, interToneTimeoutInSeconds: 2 },
    });
    await reached(call, /key 1/);
    await pass('2s');
    return endingCall(call, await call.event('RecognizeFailed'));
  },
};
