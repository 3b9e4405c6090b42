import type { Scenario } from '../scenario.ts';
import { streaming } from './stream-options.ts';
import { endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8500',
  story: 'An application stops media streaming that it has not started.',
  observer: 'http',
  async play({ app, websocket }) {
    const call = await app.call('+15005552000', streaming(websocket('takes')));
    await call.event('CallConnected');
    return endingCall(call, (await call.ask('stopMediaStreaming', {})).observed);
  },
};
