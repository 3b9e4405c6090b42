import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/504/9002',
  story: 'The media process is stopped when a phone is called, and never answers.',
  observer: 'event',
  needs: ['clock', 'faults'],
  async play({ app, breakPart, pass }) {
    await breakPart('media-stopped');
    const call = await app.call('+15005552000');
    await pass('5s');
    return call.event('CreateCallFailed');
  },
};
