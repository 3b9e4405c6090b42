import type { Scenario } from '../scenario.ts';
import { askTransfer, connected } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/487',
  story: 'An application hangs up while the target of its transfer still rings.',
  observer: 'event',
  async play(stage) {
    const call = await connected(stage);
    await askTransfer(stage, call, '+15005551800');
    await call.hangUp();
    return call.event('CallTransferFailed');
  },
};
