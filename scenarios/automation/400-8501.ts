import type { Scenario } from '../scenario.ts';
import { askTransfer, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8501',
  story: 'An application transfers a call while the phone it called still rings.',
  observer: 'http',
  async play(stage) {
    const call = await stage.app.call('+15005551800');
    await stage.reached(call, /180 Ringing/);
    return endingCall(call, (await askTransfer(stage, call, '+15005552010')).observed);
  },
};
