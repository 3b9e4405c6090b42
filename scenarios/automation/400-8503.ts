import type { Scenario } from '../scenario.ts';
import { tryRecognise } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

/** Answers with its audio inactive. */
const onHold = '+15005552090';

export const scenario: Scenario = {
  row: 'automation/400/8503',
  story: 'An application listens to a phone that answered with its audio inactive.',
  observer: 'http',
  async play({ app }) {
    const call = await app.call(onHold);
    await call.event('CallConnected');
    const asked = tryRecognise(call, onHold, 'dtmf', { dtmfOptions: { maxTonesToCollect: 1 } });
    return endingCall(call, (await asked).observed);
  },
};
