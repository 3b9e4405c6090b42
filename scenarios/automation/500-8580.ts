import type { Scenario } from '../scenario.ts';
import { embeddedSpeech, expectAccepted, talkingTo } from './media-actions.ts';
import { transcribing } from './stream-options.ts';

export const scenario: Scenario = {
  row: 'automation/500/8580',
  story: 'The server is told to stop while it transcribes a call.',
  observer: 'event',
  needs: ['restart', 'settings'],
  settings: `
drainTimeout: 0s
`,
  async play(stage) {
    const call = await talkingTo(stage, undefined, transcribing(stage.websocket('takes'), embeddedSpeech));
    expectAccepted(await call.ask('startTranscription', {}));
    await call.event('TranscriptionStarted');
    await stage.beginStop();
    return call.event('TranscriptionFailed');
  },
};
