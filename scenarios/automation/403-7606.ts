import type { Scenario } from '../scenario.ts';
import { talkingTo, textSource, tryPlay, withSpeech } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';
import { twoResources } from './two-resources.ts';

export const scenario: Scenario = {
  row: 'automation/403/7606',
  story:
    'A call is set up with a speech provider that is linked to another resource, and is to say something.',
  observer: 'http',
  needs: ['settings'],
  settings: twoResources(
    '',
    ', cognitiveServices: [{ endpoint: SPEECH/hears-nothing, kind: azure, key: a key of a speech provider }]',
  ),
  async play(stage) {
    const call = await talkingTo(stage, undefined, withSpeech(stage.speechProvider('hears-nothing')));
    return endingCall(call, (await tryPlay(call, textSource('Good morning.'))).observed);
  },
};
