import type { Scenario } from '../scenario.ts';
import { connected, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/412',
  story: 'An application hangs up on the condition that the call is as some entity tag says.',
  observer: 'http',
  async play(stage) {
    const call = await connected(stage);
    const path = `/calling/callConnections/${call.connectionId}`;
    const headers = { 'if-match': '"as-it-was"' };
    return endingCall(call, (await stage.app.request({ method: 'DELETE', path, headers })).observed);
  },
};
