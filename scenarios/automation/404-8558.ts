import type { Scenario } from '../scenario.ts';
import { fileSource, phoneNumber, talkingTo, tryPlay } from './media-actions.ts';
import { endingCall, phone } from './transfer-request.ts';

/** Hangs up after two seconds. */
const leaving = '+15005552010';

export const scenario: Scenario = {
  row: 'automation/404/8558',
  story: 'An application plays to a phone that has left the call.',
  observer: 'http',
  needs: ['clock'],
  async play(stage) {
    const call = await talkingTo(stage, [phone, leaving]);
    await stage.reached(call, /\+15005552010 is connected/);
    await stage.pass('2s');
    await stage.reached(call, /\+15005552010 ended/);
    const asked = tryPlay(call, fileSource(stage.audio('1s.wav')), { playTo: [phoneNumber(leaving)] });
    return endingCall(call, (await asked).observed);
  },
};
