import type { Scenario } from '../scenario.ts';
import { askTransfer, connected, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/408/8544',
  story: 'A call is transferred to a number from which no SIP reply comes at all.',
  observer: 'event',
  needs: ['clock'],
  async play(stage) {
    const call = await connected(stage);
    await askTransfer(stage, call, '+15005550000');
    await stage.reached(call, /INVITE sip:\+15005550000/);
    await stage.pass('32s');
    return endingCall(call, await call.event('CallTransferFailed'));
  },
};
