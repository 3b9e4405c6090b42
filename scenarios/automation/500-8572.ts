import type { Scenario } from '../scenario.ts';
import { fileSource, play, talkingTo } from './media-actions.ts';

export const scenario: Scenario = {
  row: 'automation/500/8572',
  story: 'The server is told to stop while a prompt is heard.',
  observer: 'event',
  needs: ['restart', 'settings'],
  settings: `
drainTimeout: 0s
`,
  async play(stage) {
    const call = await talkingTo(stage);
    await play(call, fileSource(stage.audio('60s.wav')));
    await call.event('PlayStarted');
    await stage.beginStop();
    return call.event('PlayFailed');
  },
};
