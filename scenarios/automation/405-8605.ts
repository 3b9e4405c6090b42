import type { Scenario } from '../scenario.ts';
import { embeddedSpeech, talkingTo, tryRecognise, withSpeech } from './media-actions.ts';
import { endingCall, phone } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/405/8605',
  story: 'Speech is to be understood by a model of the application, which the provider does not have.',
  observer: 'http',
  async play(stage) {
    const call = await talkingTo(stage, undefined, withSpeech(embeddedSpeech));
    const speechRecognitionModelEndpointId = 'a-model-of-our-own';
    const asked = tryRecognise(call, phone, 'speech', { speechRecognitionModelEndpointId });
    return endingCall(call, (await asked).observed);
  },
};
