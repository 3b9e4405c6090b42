import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/410',
  story: 'The media process of a call is killed.',
  observer: 'event',
  needs: ['faults'],
  async play({ app, reached, breakPart }) {
    const call = await app.call('+15005552000');
    await reached(call, /first (audio )?packet/i);
    await breakPart('media-killed');
    return call.event('CallDisconnected');
  },
};
