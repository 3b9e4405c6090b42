import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario, SpeechManners } from '../scenario.ts';
import { linking, play, talkingTo, textSource, withSpeech } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

/** Something is to be said by a speech provider that does not. */
export function speechProviderFails(row: LiveRow, manners: SpeechManners, story: string): Scenario {
  return {
    row,
    story,
    observer: 'event',
    needs: ['settings'],
    settings: linking(manners),
    async play(stage) {
      const call = await talkingTo(stage, undefined, withSpeech(stage.speechProvider(manners)));
      await play(call, textSource('Good morning.'));
      return endingCall(call, await call.event('PlayFailed'));
    },
  };
}
