import type { Scenario } from '../scenario.ts';
import { fileSource, tryPlay } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8585',
  story: 'An application plays to a phone that still rings.',
  observer: 'http',
  async play({ app, audio }) {
    const call = await app.call('+15005551800');
    return endingCall(call, (await tryPlay(call, fileSource(audio('1s.wav')))).observed);
  },
};
