import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/501',
  story: 'An application asks for a documented operation that is not served yet.',
  observer: 'http',
  async play(stage) {
    const call = await stage.app.call('+15005552000');
    await call.event('CallConnected');
    const path = `/calling/callConnections/${call.connectionId}:startTranscription`;
    return (await stage.app.request({ method: 'POST', path, body: {} })).observed;
  },
};
