import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/410/301005',
  story: 'The network between an answered phone and the server is cut.',
  observer: 'event',
  needs: ['clock', 'faults'],
  async play({ app, reached, breakPart, pass }) {
    const call = await app.call('+15005552000');
    await reached(call, /first (audio )?packet/i);
    await breakPart('media-deaf');
    await reached(call, /no (audio )?packet|silen/i);
    await pass('120s');
    return call.event('CallDisconnected');
  },
};
