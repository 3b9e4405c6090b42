import type { Scenario } from '../scenario.ts';
import { askTransfer, endingCall } from './transfer-request.ts';

/** Rings for ever. */
const ringing = '+15005551800';

export const scenario: Scenario = {
  row: 'automation/409/8607',
  story:
    'Of two applications that talk to each other, one is being handed over when it hands the other one over.',
  observer: 'http',
  async play(stage) {
    await stage.subscribe('takes');
    const caller = await stage.app.call('+18005550102');
    const callee = await stage.app.answer(await stage.app.incoming());
    await callee.event('CallConnected');
    await askTransfer(stage, caller, ringing);
    return endingCall(caller, (await askTransfer(stage, callee, ringing)).observed);
  },
};
