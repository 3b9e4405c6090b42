import type { Scenario } from '../scenario.ts';
import { askTransfer, connected, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/409/8519',
  story: 'An application transfers a call again while the target of its first transfer still rings.',
  observer: 'http',
  async play(stage) {
    const call = await connected(stage);
    await askTransfer(stage, call, '+15005551800');
    return endingCall(call, (await askTransfer(stage, call, '+15005552010')).observed);
  },
};
