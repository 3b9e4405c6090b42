import type { Scenario } from '../scenario.ts';
import { fileSource, tryPlay } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8504',
  story: 'An application plays to all where another application is the only one.',
  observer: 'http',
  async play(stage) {
    await stage.subscribe('takes');
    const caller = await stage.app.call('+18005550102');
    await stage.app.answer(await stage.app.incoming());
    await caller.event('CallConnected');
    return endingCall(caller, (await tryPlay(caller, fileSource(stage.audio('1s.wav')))).observed);
  },
};
