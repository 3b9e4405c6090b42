import type { Scenario } from '../scenario.ts';
import { expectAccepted, recordingIdIn, startRecording, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/409/8571',
  story: 'A recording is stopped while the media process, which hangs, has not yet paused it.',
  observer: 'http',
  needs: ['faults'],
  async play(stage) {
    const call = await talkingTo(stage);
    const recordingId = recordingIdIn(expectAccepted(await startRecording(stage, call)));
    await call.event('RecordingStateChanged');
    const path = `/calling/recordings/${recordingId}`;
    await stage.breakPart('media-stopped');
    expectAccepted(await stage.app.request({ method: 'POST', path: `${path}:pause` }));
    const { observed } = await stage.app.request({ method: 'DELETE', path });
    await stage.mend('media-stopped');
    return endingCall(call, observed);
  },
};
