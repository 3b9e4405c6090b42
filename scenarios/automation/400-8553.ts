import type { Scenario } from '../scenario.ts';
import { expectAccepted, startRecording } from './media-actions.ts';
import { endingCall, phone } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8553',
  story: 'In a call of a phone and two applications, both applications record.',
  observer: 'event',
  async play(stage) {
    await stage.subscribe('takes');
    const caller = await stage.app.call([phone, '+18005550102']);
    const callee = await stage.app.answer(await stage.app.incoming());
    await callee.event('CallConnected');
    await stage.reached(caller, /\+15005552000 is connected/);
    expectAccepted(await startRecording(stage, caller));
    expectAccepted(await startRecording(stage, callee));
    return endingCall(caller, await callee.event('StartRecordingFailed'));
  },
};
