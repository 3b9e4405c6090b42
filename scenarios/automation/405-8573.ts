import type { Scenario } from '../scenario.ts';
import { expectAccepted, recordingIdIn, startRecording, talkingTo } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/405/8573',
  story: 'An application resumes a recording that is not paused.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage);
    const recordingId = recordingIdIn(expectAccepted(await startRecording(stage, call)));
    await call.event('RecordingStateChanged');
    const path = `/calling/recordings/${recordingId}:resume`;
    return endingCall(call, (await stage.app.request({ method: 'POST', path })).observed);
  },
};
