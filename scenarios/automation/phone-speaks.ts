import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario, SpeechManners } from '../scenario.ts';
import { linking, recognise, talkingTo, withSpeech } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

/** Says "confirm" again and again. */
const confirming = '+15005552050';

interface Heard {
  readonly manners: SpeechManners;
  /** Words to choose from; absent: anything may be said. */
  readonly choices?: readonly string[];
  readonly event: 'RecognizeCompleted' | 'RecognizeFailed';
}

/** A phone says something, and a speech provider makes something of it. */
export function phoneSpeaks(row: LiveRow, story: string, { manners, choices, event }: Heard): Scenario {
  return {
    row,
    story,
    observer: 'event',
    needs: ['settings'],
    settings: linking(manners),
    async play(stage) {
      const call = await talkingTo(stage, confirming, withSpeech(stage.speechProvider(manners)));
      const wait = { initialSilenceTimeoutInSeconds: 30, speechOptions: { endSilenceTimeoutInMs: 500 } };
      const asked = choices?.map((word) => ({ label: word, phrases: [word] }));
      await recognise(call, confirming, asked ? 'choices' : 'speech', {
        ...wait,
        ...(asked ? { choices: asked } : {}),
      });
      return endingCall(call, await call.event(event));
    },
  };
}
