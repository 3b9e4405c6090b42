import type { Scenario } from '../scenario.ts';
import { expectAccepted, startRecording } from './media-actions.ts';
import { connected, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/429/8589',
  story: 'An application records a second call where one at a time may be recorded.',
  observer: 'http',
  needs: ['settings'],
  settings: 'limits: { activeRecordings: 1 }',
  async play(stage) {
    const first = await connected(stage);
    const second = await connected(stage);
    expectAccepted(await startRecording(stage, first));
    const { observed } = await startRecording(stage, second);
    await first.hangUp();
    return endingCall(second, observed);
  },
};
